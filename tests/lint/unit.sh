#!/bin/sh
# unit.sh: the service unit is valid and exposes no more than 1.2 of systemd's scale of 10.
set -eu
command -v systemd-analyze > /dev/null || { echo "skipped: systemd-analyze is not installed"; exit 77; }
unit=$PWD/systemd/gritd.service
found=$(systemd-analyze security --offline=true --threshold=12 "$unit" 2>&1) ||
    { echo "$found" | tail -n 1; exit 1; }
echo "$found" | tail -n 1
# what it says of programs and pages that are not installed here is no mistake of the unit
wrong=$(systemd-analyze verify "$unit" 2>&1 | grep -v -e 'is not executable' -e "^gritd.service: Command 'man " || true)
[ -z "$wrong" ] || { echo "$wrong"; exit 1; }
