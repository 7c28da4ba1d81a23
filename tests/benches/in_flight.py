#!/usr/bin/env python3
"""Shows how many requests were in flight at a simulated org over time, by the org's own records.

    in_flight.py URL [STEP_MS]

Run it after a sync, against the same `okta-sim --stay`. Idle slots show as short bars; what was asked for first
shows which requests waited for each other.
"""

import json
import sys
import urllib.request

FIRST = 12  # requests shown one by one


def main():
    url, step = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 250
    with urllib.request.urlopen(url + "/sim/requests") as answer:
        records = json.load(answer)
    begin = min(record["arrived_ms"] for record in records)
    spans = sorted(
        (record["arrived_ms"] - begin, record["at_ms"] - begin, record["path_and_query"]) for record in records
    )
    end = max(answered for _, answered, _ in spans)
    mean = sum(answered - arrived for arrived, answered, _ in spans) / len(spans)
    print(f"{len(spans)} requests, the last answer after {end} ms, {mean:.0f} ms each")
    for arrived, answered, asked in spans[:FIRST]:
        print(f"{arrived:6} {answered:6} {asked[:110]}")
    for at in range(0, end + 1, step):
        busy = sum(max(0, min(answered, at + step) - max(arrived, at)) for arrived, answered, _ in spans) / step
        print(f"{at:6} {busy:5.1f} {'#' * round(busy)}")


main()
