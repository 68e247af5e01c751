#!/bin/bash
# words.sh BUILD_FOLDER: the manual's pages and the shells' completion say what the programs' own tables say.
set -euo pipefail
cd "$1"
ctl=$PWD/gritctl
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0
fail() { echo "FAILED $*"; failed=1; }

# every command with its options, from the help texts
"$ctl" help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' > "$scratch/commands"
[ "$(wc -l < "$scratch/commands")" -gt 20 ] || fail "the help lists no commands"

for page in gritctl gritd gritd.yaml gritd-plugins; do
    "$ctl" manual "$page" > "$scratch/$page.man"
    if command -v man > /dev/null && command -v groff > /dev/null; then
        LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings -E UTF-8 -l "$scratch/$page.man" > "$scratch/$page" 2> "$scratch/warnings" ||
            fail "$page: man cannot read it"
        [ -s "$scratch/warnings" ] && fail "$page: $(head -3 "$scratch/warnings")"
    fi
    grep -q '^\.SH NAME' "$scratch/$page.man" || fail "$page has no NAME"
done
sed 's/\\-/-/g' "$scratch/gritctl.man" > "$scratch/plain"
for shell in bash zsh fish; do
    "$ctl" completion $shell > "$scratch/$shell"
    command -v $shell > /dev/null || { echo "  $shell is not installed"; continue; }
    $shell -n "$scratch/$shell" || fail "$shell does not read its completion"
done
"$ctl" help | sed -n 's/^  --\([a-z-]*\).*/\1/p' > "$scratch/told"
while read -r name; do
    grep -q "^\.SS \"gritctl $name" "$scratch/plain" || fail "gritctl(1) has no $name"
    "$ctl" "$name" --help | sed -n 's/^  --\([a-z-]*\).*/\1/p' >> "$scratch/told"
done < "$scratch/commands"
sort -u "$scratch/told" > "$scratch/options"
missing() { # where, its options
    local list
    list=$(sort -u | comm -23 "$scratch/options" - | tr '\n' ' ')
    [ -z "$list" ] || fail "$1 does not know: $list"
}
sed -n 's/^\\fB--\([a-z-]*\).*/\1/p' "$scratch/plain" > "$scratch/known"
missing "gritctl(1)" < "$scratch/known"
for shell in bash zsh; do
    grep -o -e '--[a-z-]*' "$scratch/$shell" | cut -c3- > "$scratch/known"
    missing $shell < "$scratch/known"
done
sed -n 's/.* -l \([a-z-]*\).*/\1/p' "$scratch/fish" > "$scratch/known"
missing fish < "$scratch/known"

# what bash offers
offer() { # words...
    (source "$scratch/bash"; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gritctl; echo "${COMPREPLY[*]}")
}
[ "$(offer gritctl sch)" = schema ] || fail "gritctl sch: $(offer gritctl sch)"
[ "$(offer gritctl schema p)" = "plugin people pipeline" ] || fail "gritctl schema p: $(offer gritctl schema p)"
[ "$(offer gritctl --config f why --ru)" = --rule ] || fail "gritctl --config f why --ru: $(offer gritctl --config f why --ru)"
[ "$(offer gritctl simulate --answers n)" = none ] || fail "simulate --answers n: $(offer gritctl simulate --answers n)"
[ -z "$(offer gritctl why --rep '')" ] || fail "a rep's id is offered: $(offer gritctl why --rep '')"
[ "$(cd "$scratch" && offer gritctl simulate --events gritctl.m)" = gritctl.man ] || fail "no file is offered"

# wrong words are named
"$ctl" manual gritc 2> "$scratch/err" && fail "there is no page gritc"
grep -q "there is no page 'gritc'" "$scratch/err" || fail "$(cat "$scratch/err")"
[ $failed = 0 ] && echo "the manual and the completions are whole"
exit $failed
