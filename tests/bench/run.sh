#!/bin/sh
# run.sh BUILD_FOLDER [NAME...]: runs the benchmarks with the programs of a finished build; it builds
# nothing. BENCH_DIR: where the stores go (/var/tmp; a real disk). BENCH_RUNS: the median of so many (3).
# BENCH_QUICK=1: ten times shorter, to see that it works.
exec python3 -B "$(dirname "$0")/bench.py" "$@"
