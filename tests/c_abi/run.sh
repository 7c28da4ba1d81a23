#!/usr/bin/env bash
# Compiles the C tests as C11 and C++17 against header and shared library, runs them against a simulated
# org, once under valgrind, and checks what the library exports.
#
#     run.sh BUILD_FOLDER      the folder with libokta_profiles.so and okta-sim
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'kill "${sim:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

library=$build/libokta_profiles.so
soname=$(readelf -d "$library" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
[ "$soname" = libokta_profiles.so.0 ] || { echo "the soname is '$soname'" >&2; exit 1; }
readelf -d "$library" | grep -q NODELETE || { echo "the library may be unmapped" >&2; exit 1; }
foreign=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -vE '^(okp_|Java_com_mumosystems_|JNI_On)' || true)
[ -z "$foreign" ] || { echo "the library exports more than it should: $foreign" >&2; exit 1; }
ln -s "$library" "$work/$soname"
ln -s "$library" "$work/libokta_profiles.so"
export LD_LIBRARY_PATH=$work

flags=(-Wall -Wextra -pedantic -Werror -O1 -g "-I$root/include")
link=("-L$work" -lokta_profiles -lpthread)
posix=-D_POSIX_C_SOURCE=200809L
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/abi_test.c" -o "$work/abi_test_c" "${link[@]}"
"${CXX:-g++}" -std=c++17 "${flags[@]}" -x c++ "$root/tests/c_abi/abi_test.c" -o "$work/abi_test_cpp" "${link[@]}"
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/sign_in_test.c" -o "$work/sign_in_test" "${link[@]}"
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/groups_test.c" -o "$work/groups_test" "${link[@]}"
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/wiped_test.c" -o "$work/wiped_test" "${link[@]}"
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/limits_test.c" -o "$work/limits_test" "${link[@]}"
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/live_test.c" -o "$work/live_test" "${link[@]}"
"${CC:-gcc}" -std=c11 $posix "${flags[@]}" "$root/tests/c_abi/example.c" -o "$work/example" "${link[@]}"
"${CC:-gcc}" -std=c99 "${flags[@]}" "$root/examples/quickstart.c" -o "$work/quickstart" "${link[@]}"

redirect=https://jira.example.com/plugins/servlet/ac/com.mumosystems.okta-profiles/connection-page
secret=secret-of-the-c-tests-0123456789
"$build/okta-sim" --users 1500 --seed 9 --client-id 0oac --client-secret "$secret" --redirect-uri "$redirect" --jira-users "$work/jira.csv" --jira-user-count 900 --stay >"$work/sim.json" &
sim=$!
for _ in $(seq 100); do [ -s "$work/sim.json" ] && break; sleep 0.1; done
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/sim.json"; }
url=$(value url) token=$(value token)

fresh() { rm -rf "$work/data" && mkdir "$work/data"; }
fresh; "$work/abi_test_c" "$work/data" "$url" "$token"
fresh; "$work/abi_test_cpp" "$work/data" "$url" "$token"
fresh; "$work/sign_in_test" "$work/data" "$url" 0oac "$secret" "$redirect"
if grep -rq "$secret" "$work/data"; then echo "the client secret lies open in a file" >&2; exit 1; fi
fresh; "$work/groups_test" "$work/data" "$url" "$token"
fresh; "$work/live_test" "$work/data" "$url" "$token"
fresh; "$work/wiped_test" "$work/data" "$url" <<<"$token"
fresh; "$work/limits_test" "$work/data" "$url" "$token"
fresh
OKTA_API_TOKEN=$token "$work/example" "$work/data/example.db" "$url" "$work/jira.csv" >"$work/example.txt" 2>"$work/progress.txt" ||
    { cat "$work/example.txt" "$work/progress.txt" >&2; exit 1; }
grep -q '1500 users, 1500 added' "$work/example.txt"
grep -q '"login":' "$work/example.txt"
echo "the example ran: $(grep ' users, ' "$work/example.txt" | tail -n 1)"

OKTA_ORG_URL=$url OKTA_API_TOKEN=$token "$work/quickstart" "$work/data/quickstart.db" nobody >"$work/quickstart.txt"
[ "$(cat "$work/quickstart.txt")" = "$(printf '1500 users\nnobody has this login')" ] || { cat "$work/quickstart.txt" >&2; exit 1; }

# "Possibly lost" is left out: a hash table of Rust's holds the middle of its block (the elements lie in front of the
# control bytes that the pointer shows), and valgrind believes a pointer to the beginning only. What it lists are the
# tables of handles and of thread-locals, which live as long as the process.
if command -v valgrind >/dev/null; then
    fresh
    valgrind -q --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
        --error-exitcode=9 "$work/abi_test_c" "$work/data" "$url" "$token"
    valgrind -q --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite \
        --error-exitcode=9 "$work/sign_in_test" "$work/data" "$url" 0oac "$secret" "$redirect"
    echo "valgrind found nothing"
elif [ "${CI:-}" = true ]; then
    echo "valgrind is missing" >&2
    exit 1
else
    echo "NOTE: valgrind is not installed; the memory check was left out"
fi
