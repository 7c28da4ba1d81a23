# The simulated org of a measurement, a process of its own; sourced. Expects $bin and $work.

org_pid=
start_org() { # users, further arguments; leaves its address in $org and a token in $token and $work/token
    local users=$1
    shift
    stop_org
    rm -f "$work/org.json"
    # Known statuses only: okta-sdk-python ends at the first user whose status it does not know.
    "$bin/okta-sim" --users "$users" --seed 1 --known-statuses --token-file "$work/token" --jira-users "$work/jira.csv" --stay "$@" \
        >"$work/org.json" &
    org_pid=$!
    for _ in $(seq 600); do [ -s "$work/org.json" ] && break; sleep 0.1; done
    org=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$work/org.json")
    [ -n "$org" ] || { echo "the simulated org did not start" >&2; exit 1; }
    token=$(cat "$work/token")
}
stop_org() {
    [ -z "$org_pid" ] || { kill "$org_pid" && wait "$org_pid" || true; } 2>/dev/null
    org_pid=
}
