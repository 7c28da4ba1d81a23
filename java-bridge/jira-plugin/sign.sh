#!/usr/bin/env bash
# Signs bundles for Jira's check of apps: the raw Ed25519 signature over the bytes of each jar, as base64 beside it.
# Nothing inside the jar changes, so sign what is handed out: any repacking breaks the signature.
#   sign.sh KEY.pem JAR...
# Needs OpenSSL 3. The key: openssl genpkey -algorithm ed25519 -out KEY.pem
set -euo pipefail
[ $# -ge 2 ] || { echo "usage: $0 KEY.pem JAR..." >&2; exit 2; }
key=$1
shift
raw=$(mktemp)
trap 'rm -f "$raw"' EXIT
[ -r "$key" ] || { echo "the key $key cannot be read; make one: openssl genpkey -algorithm ed25519 -out $key" >&2; exit 1; }
openssl pkey -in "$key" -noout -text 2>/dev/null | grep -qi '^ed25519 private-key' || {
    echo "$key is no private Ed25519 key, and Jira takes no other kind" >&2
    exit 1
}
for jar in "$@"; do
    [ -r "$jar" ] || { echo "$jar is missing; run: make plugin" >&2; exit 1; }
    openssl pkeyutl -sign -rawin -inkey "$key" -in "$jar" -out "$raw"
    base64 -w 0 "$raw" >"$jar.sig"
    echo "$jar.sig"
done
