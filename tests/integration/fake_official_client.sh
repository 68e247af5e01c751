#!/usr/bin/env bash
# Shows that a platform's own JavaScript clients accept its fake.
#
# usage: fake_official_client.sh FAKE SCRIPT PACKAGE...
#   FAKE               path of the fake, e.g. build/tests/fake/fake_slack
#   SCRIPT             name of the script that uses the clients, e.g. slack.mjs
#   SHARED_VALIDATORS  folder with the script and common.mjs
#   SDK                folder where the packages were installed with npm, `ws` among them; the
#                      versions are in `run`
# Exit: 0 accepted, 77 skipped (says what is missing), else failed.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
fake=$1 script=$2
shift 2
validators=${SHARED_VALIDATORS:-$(dirname "$top")/shared/protocols/validators}
sdk=${SDK:-}

skip() { echo "skipped: $1"; exit 77; }
command -v node >/dev/null 2>&1 || skip "node is not installed"
[ -f "$validators/$script" ] || skip "no $script in $validators (set SHARED_VALIDATORS)"
[ -n "$sdk" ] || skip "SDK is not set to a folder with the npm packages"
for package in "$@" ws; do
    [ -d "$sdk/node_modules/$package" ] || skip "$package is not in $sdk/node_modules"
done
[ -x "$fake" ] || { echo "failed: $fake is not built"; exit 1; }

scratch=$(mktemp -d) || exit 1
mkfifo "$scratch/out" || exit 1
"$fake" --port 0 >"$scratch/out" &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$scratch"' EXIT
IFS= read -r -t 10 line <"$scratch/out" || { echo "failed: $fake did not start"; exit 1; }

SDK=$sdk FAKE=${line#listening: } timeout 400 node "$validators/$script"
result=$?
[ "$result" -eq 77 ] && result=1 # only the checks above may skip
exit "$result"
