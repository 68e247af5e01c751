# ctl.sh: what the tests of gritctl share; sourced by them with the build folder as $1.
# shellcheck shell=bash
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "${1:-$top/build}" && pwd) || exit 1
shared=${GRITD_SHARED:-$(dirname "$top")/shared}
gritctl=$build/gritctl
gritd=$build/gritd
[ -x "$gritctl" ] || { echo "failed: $gritctl is not built"; exit 1; }

work=$(mktemp -d) || exit 1
daemon=
cleanup() {
    [ -n "$daemon" ] && kill "$daemon" 2>/dev/null && wait "$daemon" 2>/dev/null
    rm -rf "$work"
}
trap cleanup EXIT
cd "$work" || exit 1
unset GRITD_SOCKET
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "failed: $1"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $1"; }
