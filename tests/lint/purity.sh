#!/bin/sh
# The pure zone (base core load wire engine) may only call what is on the list: no clock, file, socket,
# thread, environment or randomness; and it keeps no mutable static data.
# Usage: purity.sh BUILD
set -eu
build=$1
here=$(dirname "$0")
if [ -f "$build/CMakeCache.txt" ] && grep -qE 'GRITD_(SANITIZE|COVERAGE|FUZZ):BOOL=ON' "$build/CMakeCache.txt"; then
    echo "skipped: instrumented builds call their run-time library"
    exit 77
fi
libs=""
for part in base core load wire engine; do
    libs="$libs $build/daemon/$part/libgritd_$part.a"
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2086
nm -g --defined-only $libs 2>/dev/null | awk 'NF==3 {print $3}' | sort -u > "$scratch/ours"
# shellcheck disable=SC2086
nm -u $libs 2>/dev/null | awk 'NF==2 {print $2}' | sort -u > "$scratch/wanted"
grep -v '^#' "$here/purity.allow" | sort -u > "$scratch/allowed"
sort -u "$scratch/ours" "$scratch/allowed" > "$scratch/fine"
bad=$(comm -23 "$scratch/wanted" "$scratch/fine")
# shellcheck disable=SC2086
data=$(objdump -t $libs 2>/dev/null | awk '$0 ~ / O \.(bss|data|tbss|tdata)/ && $0 !~ /\.data\.rel\.ro/ {print $NF}' | sort -u)
status=0
if [ -n "$bad" ]; then
    echo "the pure zone calls what is not allowed:"
    echo "$bad"
    status=1
fi
if [ -n "$data" ]; then
    echo "the pure zone keeps mutable data:"
    echo "$data"
    status=1
fi
[ $status = 0 ] && echo "pure: $(wc -l < "$scratch/wanted") symbols wanted, all known"
exit $status
