#!/usr/bin/env bash
# Runs the C tests with the plugin's library for aarch64, under qemu's user mode, against a simulated org that runs on
# this machine as it is.
#
#     aarch64.sh BUILD_FOLDER LIBRARY ZIG      the folder with okta-sim, the library, the compiler
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
library=$2
zig=$3
work=$(mktemp -d)
trap 'kill "${sim:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

readelf -h "$library" | grep -q AArch64 || { echo "$library is not for aarch64" >&2; exit 1; }
ln -s "$library" "$work/libokta_profiles.so.0"
ln -s "$library" "$work/libokta_profiles.so"
compile() {
    "$zig" cc -target aarch64-linux-gnu.2.17 -std=c11 -D_POSIX_C_SOURCE=200809L -O1 "-I$root/include" \
        "$root/tests/c_abi/$1.c" -o "$work/$1" "-L$work" -lokta_profiles -lpthread
}
emulated() {
    qemu-aarch64-static -L /usr/aarch64-linux-gnu -E LD_LIBRARY_PATH="$work" "$@"
}
compile abi_test
compile groups_test
compile example

"$build/okta-sim" --users 1500 --seed 9 --jira-users "$work/jira.csv" --jira-user-count 900 --stay >"$work/sim.json" &
sim=$!
for _ in $(seq 100); do [ -s "$work/sim.json" ] && break; sleep 0.1; done
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/sim.json"; }
url=$(value url) token=$(value token)

fresh() { rm -rf "$work/data" && mkdir "$work/data"; }
fresh; emulated "$work/abi_test" "$work/data" "$url" "$token"
fresh; emulated "$work/groups_test" "$work/data" "$url" "$token"
fresh
emulated -E OKTA_API_TOKEN="$token" "$work/example" "$work/data/example.db" "$url" "$work/jira.csv" >"$work/example.txt" 2>"$work/progress.txt" ||
    { cat "$work/example.txt" "$work/progress.txt" >&2; exit 1; }
grep -q '1500 users, 1500 added' "$work/example.txt"
echo "the example ran on aarch64: $(grep ' users, ' "$work/example.txt" | tail -n 1)"
