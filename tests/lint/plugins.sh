#!/bin/sh
# The shipped plugins pass their own check and their own tests: those of ./run try, and all of them with the
# example configuration; they have words for each stage and kind of deal. Usage: plugins.sh BUILD
# A13: the pack as a whole passes; which of its tests shows which idea stands in the tests' names
# B29, B72: no praise of traits is in it, and the matrix has no hole
set -eu
"$1/gritctl" --config config/try/gritd.yaml check --strict
"$1/gritctl" --config config/try/gritd.yaml test
"$1/gritctl" --config config/gritd.yaml check --strict --coverage plugins config/plugins
"$1/gritctl" --config config/gritd.yaml test plugins
"$1/gritctl" --config config/gritd.yaml test plugins/stage-questions.yaml plugins/two-sided-gates.yaml config/plugins
