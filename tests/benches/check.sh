#!/usr/bin/env bash
# Fails if anything costs more than a tenth more than `figures.tsv` says: instructions for each user, requests, bytes,
# peak memory. Nothing here depends on how busy or how fast the machine is. Instructions are counted by valgrind, which
# has no SHA instructions, so hashing weighs more here than in truth; a thread waits for another one, so a sync takes
# minutes.
#
#     check.sh            compares; needs `make build`, valgrind and GNU time
#     check.sh --write    writes figures.tsv anew, after a change that makes something cheaper, or dearer with a reason
set -euo pipefail
cd "$(dirname "$0")/../.."

bin=${OKTA_PROFILES_BIN:-target/release}
users=10000
committed=tests/benches/figures.tsv
work=$(mktemp -d)
trap 'stop_org; rm -rf "$work"' EXIT
. tests/benches/org.sh
start_org "$users"

figure() { printf '%s\t%s\n' "$1" "$2" | tee -a "$work/figures.tsv" >&2; } # name, value

engine() { "${under[@]}" "$bin/okta-profiles" --directory "$work/$directory" "$@" >"$work/out" 2>"$work/err" ||
    { tail -n 5 "$work/err" >&2; return 1; }; }
sync() { engine sync --json --mode "$1" --org-url "$org" --token-file "$work/token" "${@:2}"; }

# What a command costs, for each user.
instructions() { # name, command
    under=(valgrind --tool=callgrind --callgrind-out-file=/dev/null)
    "${@:2}"
    figure "$1: instructions for each user" "$(($(sed -n 's/.*Collected : \([0-9]*\)$/\1/p' "$work/err") / users))"
}
peak() { # name, command
    under=(/usr/bin/time -f %M -o "$work/time")
    "${@:2}"
    figure "$1: peak memory in kB" "$(tail -n 1 "$work/time")"
}
requests() { figure "$1: requests" "$(grep -o '"requests":[0-9]*' "$work/out" | head -n 1 | cut -d: -f2)"; } # name

directory=counted.db
instructions "first full run" sync full
requests "first full run"
figure "first full run: bytes of the file for each user" "$(($(stat -c %s "$work/$directory") / users))"
instructions "second full run" sync full
instructions "hand over and match as many Jira users" sync delta --jira-users "$work/jira.csv"
instructions "delta run, nothing changed" sync delta
requests "delta run, nothing changed"
instructions "list everybody" engine export --view all --format jsonl --output "$work/export.json"
instructions "counts" engine status

directory=weighed.db
peak "first full run" sync full
peak "hand over and match as many Jira users" sync delta --jira-users "$work/jira.csv"

if [ "${1:-}" = --write ]; then
    cp "$work/figures.tsv" "$committed"
    exit
fi
awk -F '\t' '
    NR == FNR { before[$1] = $2; next }
    !($1 in before) { print "no figure is committed for " $1; failed = 1; next }
    { now = $2; was = before[$1]; printf "%-62s %9d, was %9d, %.2f x\n", $1, now, was, now / was
      if (now > was * 1.1 + 1) { print "  costs more than a tenth more"; failed = 1 } }
    END { exit failed }' "$committed" "$work/figures.tsv"
