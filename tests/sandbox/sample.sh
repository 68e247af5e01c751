#!/bin/sh
# sample.sh BUILD_FOLDER: some of the integration tests with the daemon behind what its unit forbids.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
python3 -B "$here/sandbox/sandbox.py" "$here/../systemd/gritd.service" --can || exit 77
export GRITD_TEST_SANDBOX=1
python3 "$here/integration/slack_chat.py" "$1" answer-goes unknown-send a-dropped-socket directory-comes
python3 "$here/integration/reload.py" "$1" edit-takes
python3 "$here/integration/privacy.py" "$1" whoever-looks
