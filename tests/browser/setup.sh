#!/usr/bin/env bash
# Chromium, Node.js and the npm packages of the browser tests. Missing programs are installed where this may be
# done (as root, or by sudo without a password); otherwise it says what to install.
set -euo pipefail
cd "$(dirname "$0")"
chromium=${CHROMIUM:-/usr/bin/chromium}

packages=()
[ -x "$chromium" ] || packages+=(chromium fonts-dejavu-core)
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
if [ ${#packages[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo"; else sudo="none"; fi
    if [ "$sudo" = none ] || ! command -v apt-get >/dev/null; then
        echo "The browser tests need ${packages[*]}; install them, or set CHROMIUM to your Chromium." >&2
        exit 1
    fi
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi

node -e 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' || {
    echo "The browser tests need Node.js 20 or newer; this is $(node --version)." >&2
    exit 1
}
# npm ci begins anew each time; once for each state of the lock file is enough.
if ! cmp -s package-lock.json node_modules/.lock; then
    npm ci --ignore-scripts --loglevel=error
    cp package-lock.json node_modules/.lock
fi
