#!/usr/bin/env bash
# The main job from end to end: a simulated Okta org of 5 000 users, validate, hand over 4 000 Jira
# users, sync with a progress bar, look at the report, a page of the directory and one full profile.
# The directory stays, so that every command shown for it can be copied and tried again.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${OKTA_PROFILES_BIN:-target/release}
work=${OKTA_PROFILES_DEMO:-target/demo}
directory=$work/directory.db
rm -rf "$work"
mkdir -p "$work"
trap 'kill "${sim:-}" 2>/dev/null || true' EXIT

run() {
    local command=("$bin/okta-profiles" --directory "$directory" "$@")
    printf '\n\033[1m$ %s\033[0m\n' "${command[*]}"
    "${command[@]}"
}

echo "A simulated Okta org with 5 000 users starts on this machine (60 ms a request)."
"$bin/okta-sim" --users 5000 --seed 1 --latency-ms 60 --token-file "$work/token" \
    --jira-users "$work/jira-users.csv" --jira-user-count 4000 --stay >"$work/sim.json" &
sim=$!
for _ in $(seq 100); do [ -s "$work/sim.json" ] && break; sleep 0.1; done
url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$work/sim.json")
[ -n "$url" ] || { echo "the simulated org did not start" >&2; exit 1; }
echo "It listens at $url; its API token is in a file, 4 000 Jira users are in a CSV file."

run validate --org-url "$url" --token-file "$work/token"
run sync --org-url "$url" --token-file "$work/token" --jira-users "$work/jira-users.csv"
run list --limit 12
run list --view ambiguous --limit 4
first=$("$bin/okta-profiles" --directory "$directory" list --limit 1 --json |
    sed -n 's/.*"okta_id":"\([^"]*\)".*/\1/p')
run find "$first"
run status --check

cat <<END

The simulated org ends now; the directory stays in $work and needs no network:

  $bin/okta-profiles --directory $directory find --contains smith
  $bin/okta-profiles --directory $directory changes --limit 5
  $bin/okta-profiles --directory $directory export --format csv --output $work/users.csv
  rm -r $work                                # when you have seen enough

Next, your own org: docs/connecting.md says what to set up in Okta.

  $bin/okta-profiles --directory okta-profiles.db connect --org-url https://example.okta.com --client-id ID
  $bin/okta-profiles --directory okta-profiles.db validate
  $bin/okta-profiles --directory okta-profiles.db sync --jira-users jira-users.csv
END
