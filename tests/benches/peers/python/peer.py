"""A full sync as somebody would write it with okta-sdk-python and the standard library's sqlite3.

peer.py ORG_URL TOKEN DATABASE; prints how many users it stored.
"""

import asyncio
import json
import os
import sqlite3
import sys

from okta.client import Client
from okta.pagination import PaginationHelper

SCHEMA = """
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE users (id TEXT PRIMARY KEY, status TEXT, login TEXT, email TEXT, display_name TEXT, profile TEXT);
    CREATE INDEX users_login ON users (login);
    CREATE INDEX users_email ON users (email);
"""


def row(user):
    profile = user.profile.to_dict()
    status = user.status.value if hasattr(user.status, "value") else user.status
    text = json.dumps(profile, default=str)
    return user.id, status, profile.get("login"), profile.get("email"), profile.get("displayName"), text


async def main(org_url, token, file):
    database = sqlite3.connect(file)
    database.executescript(SCHEMA)
    stored, after = 0, None
    # 3.4.6 puts the token right behind "SSWS"; the header needs a blank between them.
    client = Client({"orgUrl": org_url, "token": " " + token})
    async with client:
        while True:
            users, answer, error = await client.list_users(search="status pr", limit=200, after=after)
            if error:
                raise SystemExit(str(error))
            with database:
                database.executemany("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)", map(row, users))
            stored += len(users)
            after = PaginationHelper.extract_next_cursor(answer.headers)
            if after is None:
                print(stored)
                return


# Lets the SDK speak plain HTTP, as everybody does here; it can be set by the environment only.
os.environ["OKTA_TESTING_TESTINGDISABLEHTTPSCHECK"] = "true"
asyncio.run(main(*sys.argv[1:4]))
