#!/usr/bin/env bash
# Shows that Slack's own JavaScript clients accept fake_slack. About 20 s.
#
# usage: fake_slack_official_client.sh [path of fake_slack]
#   SHARED_VALIDATORS  folder with slack.mjs and common.mjs
#   SDK                folder where this was done:
#                      npm install @slack/web-api@8.2.0 @slack/socket-mode@3.1.0 ws
# Exit: 0 accepted, 77 skipped (says what is missing), else failed.
set -u
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fake=${1:-${FAKE_SLACK:-$top/build/tests/fake/fake_slack}}
validators=${SHARED_VALIDATORS:-$(dirname "$top")/shared/protocols/validators}
sdk=${SDK:-}

skip() { echo "skipped: $1"; exit 77; }
command -v node >/dev/null 2>&1 || skip "node is not installed"
[ -f "$validators/slack.mjs" ] || skip "no slack.mjs in $validators (set SHARED_VALIDATORS)"
[ -n "$sdk" ] || skip "SDK is not set to a folder with the Slack npm packages"
for package in @slack/web-api @slack/socket-mode; do
    [ -d "$sdk/node_modules/$package" ] || skip "$package is not in $sdk/node_modules"
done
[ -x "$fake" ] || { echo "failed: $fake is not built"; exit 1; }

scratch=$(mktemp -d) || exit 1
mkfifo "$scratch/out" || exit 1
"$fake" --port 0 >"$scratch/out" &
pid=$!
trap 'kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; rm -rf "$scratch"' EXIT
IFS= read -r -t 10 line <"$scratch/out" || { echo "failed: $fake did not start"; exit 1; }

SDK=$sdk FAKE=${line#listening: } timeout 90 node "$validators/slack.mjs"
result=$?
[ "$result" -eq 77 ] && result=1 # only the checks above may skip
exit "$result"
