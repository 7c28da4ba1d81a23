#!/usr/bin/env bash
# The C tests, as C and as C++, and a storm of calls under the sanitizers of gcc, against the library as it is and
# against one whose Rust code is instrumented, too.
#
#     sanitize.sh BUILD_FOLDER [CALLS]      the folder with libokta_profiles.so and okta-sim
#
# AddressSanitizer and UndefinedBehaviorSanitizer watch the caller's side and, since they replace malloc, every block
# that the library's Rust code and SQLite ask for; ThreadSanitizer watches the memory that callers share. For the third
# part Rust is compiled with AddressSanitizer, an unstable option of the compiler that RUSTC_BOOTSTRAP allows on the
# stable toolchain; RUST=off leaves it out. ThreadSanitizer for Rust needs a standard library built with it
# (-Zbuild-std with the component rust-src), which a stable toolchain does not bring, so it is not part of this.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
calls=${2:-20000}
work=$(mktemp -d)
trap 'kill "${sim:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
soname=$(readelf -d "$build/libokta_profiles.so" | sed -n 's/.*(SONAME).*\[\(.*\)\]/\1/p')
export LD_LIBRARY_PATH=$work

"$build/okta-sim" --users 1500 --seed 9 --stay >"$work/sim.json" &
sim=$!
for _ in $(seq 100); do [ -s "$work/sim.json" ] && break; sleep 0.1; done
value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/sim.json"; }
url=$(value url) token=$(value token)

# What libraries keep until the process ends is no leak; valgrind looks at leaks in run.sh.
# ThreadSanitizer does not see the locks of a library that was built without it, so what the library does for itself
# does not count.
echo 'called_from_lib:libokta_profiles.so' >"$work/suppressions"
export ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1:ignore_noninstrumented_modules=1:suppressions=$work/suppressions

# watch LIBRARY SANITIZER: every program with this library under this sanitizer.
watch() {
    ln -sf "$1" "$work/$soname"
    ln -sf "$1" "$work/libokta_profiles.so"
    local flags=(-O1 -g -fno-omit-frame-pointer "-fsanitize=$2" "-I$root/include")
    local link=("-L$work" -lokta_profiles -lpthread)
    for program in abi_test groups_test storm; do
        "${CC:-gcc}" -std=c11 -D_POSIX_C_SOURCE=200809L "${flags[@]}" "$root/tests/c_abi/$program.c" \
            -o "$work/$program" "${link[@]}"
    done
    "${CXX:-g++}" -std=c++17 "${flags[@]}" -x c++ "$root/tests/c_abi/abi_test.c" -o "$work/abi_test_cpp" "${link[@]}"
    for program in abi_test abi_test_cpp groups_test storm; do
        rm -rf "$work/data" && mkdir "$work/data"
        case $program in
            storm) "$work/storm" "$work/data" "$url" "$token" "$calls" ;;
            *) "$work/$program" "$work/data" "$url" "$token" ;;
        esac
    done
    echo "$2: nothing found"
}

watch "$build/libokta_profiles.so" address,undefined
watch "$build/libokta_profiles.so" thread
if [ "${RUST:-on}" = on ]; then
    # The program brings the sanitizer's runtime, so the library must not.
    target=x86_64-unknown-linux-gnu
    (cd "$root" && RUSTC_BOOTSTRAP=1 RUSTFLAGS='-Zsanitizer=address -Zexternal-clangrt' \
        "${CARGO:-cargo}" build --lib --target $target --target-dir target/sanitized)
    watch "$root/target/sanitized/$target/debug/libokta_profiles.so" address
    echo "Rust under address: nothing found"
fi
