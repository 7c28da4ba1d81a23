#!/usr/bin/env bash
# What `make demo` promises: each part of the main job is shown, and every command that it prints for the directory can be
# copied. Usage: demo_test.sh FOLDER_OF_THE_PROGRAMS
set -euo pipefail
cd "$(dirname "$0")/.."
bin=${1:?the folder of the programs}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shown=$(OKTA_PROFILES_BIN=$bin OKTA_PROFILES_DEMO=$work/demo tests/demo.sh 2>"$work/said") || { cat "$work/said" >&2; exit 1; }

for part in "Ready to sync." "5000" "matched" "ambiguous" '"okta_id"' "find --contains" "Next, your own org"; do
    grep -qF -- "$part" <<<"$shown" || { printf '%s\n' "$shown" >&2; echo "the demonstration lacks: $part" >&2; exit 1; }
done

# The commands that it leaves behind, but for the last one, which removes the directory.
while read -r command; do
    bash -c "$command" >"$work/out" 2>&1 || { cat "$work/out" >&2; echo "failed: $command" >&2; exit 1; }
done < <(grep -F -- "--directory $work/demo/directory.db" <<<"$shown" | grep -v '\$ ')
test -s "$work/demo/users.csv"
echo "demonstration: ok"
