#!/bin/sh
# The shipped plugins pass their own check and their own tests. Usage: plugins.sh BUILD
set -eu
"$1/gritctl" --config config/try/gritd.yaml check --strict
"$1/gritctl" --config config/try/gritd.yaml test
