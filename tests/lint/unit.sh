#!/bin/sh
# unit.sh: the service's unit, and the one of its instances that is made of it, are valid and expose no more than 1.2 of
# systemd's scale of 10.
set -eu
command -v systemd-analyze > /dev/null || { echo "skipped: systemd-analyze is not installed"; exit 77; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp systemd/gritd.service "$scratch/gritd.service"
sed -f systemd/instance.sed systemd/gritd.service > "$scratch/gritd@emea.service"

# A path or a folder that both would have is one that the second daemon finds taken.
left=$(grep -nE '^[^#]*(/(etc|var/lib|run)/gritd(/|$)|Directory=gritd$)' "$scratch/gritd@emea.service" || true)
[ -z "$left" ] || { echo "an instance shares with the service: $left"; exit 1; }

for unit in "$scratch/gritd.service" "$scratch/gritd@emea.service"; do
    found=$(systemd-analyze security --offline=true --threshold=12 "$unit" 2>&1) ||
        { echo "$found" | tail -n 1; exit 1; }
    echo "$found" | tail -n 1
    # what it says of programs and pages that are not installed here is no mistake of the unit
    wrong=$(systemd-analyze verify "$unit" 2>&1 | grep -v -e 'is not executable' -e "^gritd[@a-z]*.service: Command 'man " || true)
    [ -z "$wrong" ] || { echo "$wrong"; exit 1; }
done
