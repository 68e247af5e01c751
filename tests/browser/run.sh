#!/bin/sh
# Starts gritd on the sample configuration and drives its page in headless Chromium.
# Usage: run.sh BUILD; SDK names the folder whose node_modules has playwright-core.
set -eu
build=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
command -v node > /dev/null || { echo "skipped: node is not installed"; exit 77; }
command -v chromium > /dev/null || { echo "skipped: chromium is not installed"; exit 77; }
[ -d "${SDK:-/nonexistent}/node_modules/playwright-core" ] || { echo "skipped: playwright-core is not there"; exit 77; }
scratch=$(mktemp -d)
"$top/run" try --build "$build" --scratch "$scratch" --port 0 > "$scratch/out" 2> "$scratch/err" &
pid=$!
trap 'kill $pid 2> /dev/null; wait $pid 2> /dev/null || true; rm -rf "$scratch"' EXIT
url=""
for _ in $(seq 2400); do
    url=$(sed -n 's/^ready: //p' "$scratch/out")
    [ -n "$url" ] && break
    kill -0 $pid 2> /dev/null || { cat "$scratch/err"; exit 1; }
    sleep 0.1
done
[ -n "$url" ] || { echo "gritd did not become ready"; cat "$scratch/err"; exit 1; }
TRY_URL=${url%/try} node "$top/tests/browser/try.mjs"
