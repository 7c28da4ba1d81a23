#!/usr/bin/env bash
# Measures the engine beside a floor and the peers, everything in one go on one machine, and prints the table of
# BENCHMARKS.md. Needs cargo, gcc, python3 with venv, node and npm, go, a JDK, mvn, GNU time and the package
# registries; CI does not run it.
#
#     tests/benches/compare.sh [PART…]    parts: sync latency readers matching scale bucket (all of them)
#
#     USERS=100000         users of the org
#     SLOW_USERS=100000    users at 250 ms latency for the engine; PEER_SLOW_USERS=20000 for everybody else
#     SCALE_USERS=1000000  users of the large org
#     PEERS="go node java python"
set -euo pipefail
cd "$(dirname "$0")/../.."

USERS=${USERS:-100000} SLOW_USERS=${SLOW_USERS:-100000} PEER_SLOW_USERS=${PEER_SLOW_USERS:-20000}
SCALE_USERS=${SCALE_USERS:-1000000} PEERS=${PEERS-go node java python}
bin=target/release
tools=${TOOLS:-target/peers}
work=$(mktemp -d)
trap 'stop_org; rm -rf "$work"' EXIT
. tests/benches/org.sh

say() { printf '%s\n' "$*" >&2; }
row() { printf '| %s |\n' "$*"; }
calculate() { awk "BEGIN { printf \"%.2f\", ($1) }"; }

# --- Building ---------------------------------------------------------------------------------------------

build() {
    say "building the engine, the simulated org, the floor and the peers ($PEERS)"
    cargo build --release --workspace --bins --lib >&2
    cargo bench --bench floor --no-run >&2
    cp "$(find $bin/deps -name 'floor-*' -type f -executable -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2)" \
        "$work/floor"
    gcc -O2 -std=c11 -D_GNU_SOURCE -Iinclude tests/benches/readers.c -o "$work/readers" \
        -L$bin -lokta_profiles -Wl,-rpath,"$work" -lpthread
    # The name that the dynamic linker looks for.
    ln -s "$PWD/$bin/libokta_profiles.so" "$work/$(objdump -p $bin/libokta_profiles.so | awk '/SONAME/ { print $2 }')"
    mkdir -p "$tools"
    for peer in $PEERS; do "build_$peer"; done
}

build_go() { go build -C tests/benches/peers/go -o "$PWD/$tools/go-peer" .; }
build_node() {
    cp -r tests/benches/peers/node "$tools/"
    (cd "$tools/node" && npm install --no-audit --no-fund --silent)
}
build_python() {
    [ -x "$tools/python/bin/python" ] || python3 -m venv "$tools/python"
    "$tools/python/bin/pip" install -q -r tests/benches/peers/python/requirements.txt
}
build_java() {
    cp -r tests/benches/peers/java "$tools/"
    mvn -B -q -f "$tools/java/pom.xml" compile dependency:build-classpath -Dmdep.outputFile=classpath
}

# --- Measuring --------------------------------------------------------------------------------------------

# Runs a command; leaves seconds in $wall, CPU seconds of the command alone in $cpu, its peak kB in $peak.
measure() {
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/out" 2>"$work/err" ||
        { say "failed: $*"; tail -n 5 "$work/err" >&2; wall=0 cpu=0 peak=0; return 0; }
    read -r wall user system peak <<<"$(tail -n 1 "$work/time")"
    cpu=$(calculate "$user + $system")
}

engine() { "$bin/okta-profiles" --directory "$work/directory.db" "$@"; }
engine_sync() {
    measure "$bin/okta-profiles" --directory "$work/directory.db" sync --mode "$1" --org-url "$org" \
        --token-file "$work/token"
}
run_floor() { measure "$work/floor" "$org" "$token" "$work/floor.db"; }
run_go() { measure "$tools/go-peer" "$org" "$token" "$work/go.db"; }
run_node() { measure node "$tools/node/peer.js" "$org" "$token" "$work/node.db"; }
run_python() { measure "$tools/python/bin/python" tests/benches/peers/python/peer.py "$org" "$token" "$work/python.db"; }
run_java() {
    measure java -cp "$tools/java/target/classes:$(cat "$tools/java/classpath")" Peer "$org" "$token" "$work/java.db"
}

# A row: who, users, and each figure with its ratio to the first one measured.
report() { # who, users
    base_wall=${base_wall:-$wall} base_cpu=${base_cpu:-$cpu}
    row "$1 | $2 | $wall s | $(calculate "$base_wall > 0 ? $wall / $base_wall : 0") x | $cpu s |" \
        "$(calculate "$base_cpu > 0 ? $cpu / $base_cpu : 0") x | $((peak / 1024)) MB"
}
heading() {
    printf '\n**%s**\n\n' "$1"
    row "who | users | wall | against the floor | CPU | against the floor | peak memory"
    row "---|---|---|---|---|---|---"
    base_wall='' base_cpu=''
}

fresh_files() { rm -f "$work"/*.db "$work"/*.db-*; }

part_sync() {
    heading "Full sync, no latency"
    fresh_files
    start_org "$USERS"
    run_floor && report "floor" "$USERS"
    engine_sync full && report "okta-profiles, first" "$USERS"
    engine_sync full && report "okta-profiles, second, nothing changed" "$USERS"
    engine_sync delta && report "okta-profiles, delta, nothing changed" "$USERS"
    for peer in $PEERS; do "run_$peer" && report "$peer" "$USERS"; done
    counts
}

part_latency() {
    heading "Full sync, 250 ms latency"
    fresh_files
    start_org "$PEER_SLOW_USERS" --latency-ms 250
    run_floor && report "floor" "$PEER_SLOW_USERS"
    engine_sync full && report "okta-profiles" "$PEER_SLOW_USERS"
    for peer in $PEERS; do "run_$peer" && report "$peer" "$PEER_SLOW_USERS"; done
    fresh_files
    start_org "$SLOW_USERS" --latency-ms 250
    engine_sync full && report "okta-profiles" "$SLOW_USERS"
}

# Everybody must have stored the same users.
counts() {
    for file in "$work"/*.db; do
        case $file in */directory.db) continue ;; esac
        say "$(basename "$file" .db): $(python3 -c "import sqlite3, sys
print(*sqlite3.connect(sys.argv[1]).execute('SELECT count(*), count(DISTINCT login) FROM users').fetchone())" "$file")"
    done
}

part_bucket() {
    printf '\n**Full sync under 300 requests a minute, 100 ms latency**\n\n'
    fresh_files
    start_org "$USERS" --latency-ms 100 --rate-limit users=300
    engine_sync full
    # The first window is free at once, every further one begins a minute later.
    local requests=$(((USERS + 199) / 200 + 1)) bound
    bound=$(((requests - 1) / 300 * 60))
    row "users | wall | requests at least | bound of the bucket | sync says"
    row "---|---|---|---|---"
    row "$USERS | $wall s | $requests | $bound s | $(tr '\n' ' ' <"$work/out" | cut -c 1-160)"
}

part_readers() {
    printf '\n**Reading, %s users**\n\n' "$USERS"
    fresh_files
    start_org "$USERS"
    engine sync --org-url "$org" --token-file "$work/token" --jira-users "$work/jira.csv" >"$work/out" 2>&1
    build_reader
    row "measure | C | Java | Java against C"
    row "---|---|---|---"
    read_both
    compare "look-up by Jira key, p50 µs" 1
    compare "look-up by Jira key, p99 µs" 2
    compare "list everybody, ms" 3
    read_both "$org" "$work/token"
    compare "look-up while a sync runs, p50 µs" 1
    compare "look-up while a sync runs, p99 µs" 2
    measure "$bin/okta-profiles" --directory "$work/directory.db" status
    row "open the directory and read its status, ms | $(calculate "$wall * 1000") | |"
}
build_reader() {
    mvn -B -q -f java-bridge/pom.xml -pl engine -am test-compile dependency:build-classpath -DincludeScope=test \
        -Dmdep.outputFile="$work/classpath" >&2
}
read_both() {
    local jar=java-bridge/engine/target
    mapfile -t in_c < <("$work/readers" "$work/directory.db" "$work/jira.csv" "$@" | tr ' ' '\n')
    mapfile -t in_java < <(java -Dokta.profiles.native.path="$PWD/$bin/libokta_profiles.so" \
        -cp "$jar/test-classes:$jar/classes:$(cat "$work/classpath")" com.mumosystems.oktaprofiles.ReaderBenchmark \
        "$work/directory.db" "$work/jira.csv" "$@" | tr ' ' '\n')
}
compare() { # what, place among the numbers
    local c=${in_c[$2 - 1]} java=${in_java[$2 - 1]}
    case $1 in *ms) c=$(calculate "$c / 1000") java=$(calculate "$java / 1000") ;; esac
    row "$1 | $c | $java | $(calculate "$java / $c") x"
}

part_matching() {
    printf '\n**Matching %s Jira users with %s Okta users**\n\n' 200000 200000
    fresh_files
    start_org 200000
    engine sync --org-url "$org" --token-file "$work/token" >"$work/out" 2>&1
    row "measure | wall | CPU | peak memory"
    row "---|---|---|---"
    measure "$bin/okta-profiles" --directory "$work/directory.db" sync --mode delta --org-url "$org" \
        --token-file "$work/token" --jira-users "$work/jira.csv"
    row "hand over and match (with a delta run of one page) | $wall s | $cpu s | $((peak / 1024)) MB"
    measure "$bin/okta-profiles" --directory "$work/directory.db" match
    row "match again, nothing changed | $wall s | $cpu s | $((peak / 1024)) MB"
}

part_scale() {
    printf '\n**Memory**\n\n'
    row "users | first sync, wall | CPU | peak memory"
    row "---|---|---|---"
    local users
    for users in "$USERS" "$SCALE_USERS"; do
        fresh_files
        start_org "$users"
        engine_sync full
        row "$users | $wall s | $cpu s | $((peak / 1024)) MB"
    done
}

build
printf '%s, %s cores, %s\n' "$(date -u +%F)" "$(nproc)" "$(uname -m)"
for part in ${*:-sync latency readers matching scale bucket}; do "part_$part"; done
