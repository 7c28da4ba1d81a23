#!/usr/bin/env bash
# The main job from end to end: a simulated Okta org of 5 000 users, validate, hand over 4 000 Jira
# users, sync with a progress bar, look at the report, a page of the directory and one full profile.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${OKTA_PROFILES_BIN:-target/release}
work=$(mktemp -d)
trap 'kill "${sim:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
run() { say "okta-profiles $*"; "$bin/okta-profiles" --directory "$work/directory.db" "$@"; }

echo "A simulated Okta org with 5 000 users starts on this machine (60 ms a request)."
"$bin/okta-sim" --users 5000 --seed 1 --latency-ms 60 --token-file "$work/token" \
    --jira-users "$work/jira-users.csv" --jira-user-count 4000 --stay >"$work/sim.json" &
sim=$!
for _ in $(seq 100); do [ -s "$work/sim.json" ] && break; sleep 0.1; done
OKTA_ORG_URL=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$work/sim.json")
export OKTA_ORG_URL
[ -n "$OKTA_ORG_URL" ] || { echo "the simulated org did not start" >&2; exit 1; }
echo "It listens at $OKTA_ORG_URL; its API token is in a file, 4 000 Jira users are in a CSV file."

run validate --token-file "$work/token"
run sync --token-file "$work/token" --jira-users "$work/jira-users.csv"
run list --limit 12
run list --view ambiguous --limit 4
say "okta-profiles find: the whole profile of the first matched user"
first=$("$bin/okta-profiles" --directory "$work/directory.db" list --limit 1 --json |
    sed -n 's/.*"okta_id":"\([^"]*\)".*/\1/p')
run find "$first"
run status --check
