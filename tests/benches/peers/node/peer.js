// A full sync as somebody would write it with @okta/okta-sdk-nodejs and better-sqlite3.
//
// node peer.js ORG_URL TOKEN DATABASE; prints how many users it stored.
'use strict';

const okta = require('@okta/okta-sdk-nodejs');
const Database = require('better-sqlite3');

const PAGE = 200;

async function main(orgUrl, token, file) {
  const database = new Database(file);
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE users (id TEXT PRIMARY KEY, status TEXT, login TEXT, email TEXT, display_name TEXT, profile TEXT);
    CREATE INDEX users_login ON users (login);
    CREATE INDEX users_email ON users (email);`);
  const insert = database.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)');
  const insertPage = database.transaction((rows) => rows.forEach((row) => insert.run(...row)));

  const client = new okta.Client({ orgUrl, token });
  const users = await client.userApi.listUsers({ search: 'status pr', limit: PAGE });
  let stored = 0;
  let page = [];
  await users.each((user) => {
    const { login, email, displayName } = user.profile;
    const profile = JSON.stringify(user.profile);
    page.push([user.id, user.status, login, email, displayName ?? null, profile]);
    if (page.length === PAGE) {
      insertPage(page);
      page = [];
    }
    stored += 1;
  });
  insertPage(page);
  console.log(stored);
}

main(...process.argv.slice(2, 5)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
