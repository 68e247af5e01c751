#!/bin/sh
# Every action and platform file has its row, and every row its file.
set -eu
status=0
check() { # list macro prefix
    rows=$(sed -n "s/^$2(\([a-z0-9_]*\).*/\1/p" "$1" | sort)
    dir=$(dirname "$1")
    for row in $rows; do
        [ -f "$dir/$3$row.c" ] || { echo "$1: row '$row' has no file $dir/$3$row.c"; status=1; }
        grep -q "$row" -r tests --include='*.c' --include='*.py' --include='*.yaml' --include='*.mjs' ||
            { echo "$1: row '$row' has no test"; status=1; }
    done
}
check daemon/core/action_list.h ACTION action_
check daemon/wire/chat_list.h CHAT chat_
for file in daemon/core/action_*.c; do
    name=$(basename "$file" .c)
    name=${name#action_}
    grep -q "^ACTION($name)" daemon/core/action_list.h || { echo "$file has no row in action_list.h"; status=1; }
done
for file in daemon/gritctl/cmd_*.c; do
    name=$(basename "$file" .c)
    name=${name#cmd_}
    grep -q "($name" daemon/gritctl/command_list.h || { echo "$file has no row in command_list.h"; status=1; }
done
sentences=$(sed -n 's/^#define SAY_\([A-Z0-9_]*\).*/\1/p' $(LC_ALL=C ls daemon/core/phrases*.h))
rows=$(sed -n 's/^PHRASE([a-z0-9_]*, SAY_\([A-Z0-9_]*\))$/\1/p' daemon/core/phrase_list.h)
[ "$sentences" = "$rows" ] || {
    echo "daemon/core/phrase_list.h must have the sentences of phrases*.h, in their order; those that differ:"
    { echo "$sentences"; echo "$rows"; } | sort | uniq -u
    status=1
}
# A sentence with values is said in the reader's language only if it passes say_to() and its like.
bare=$(grep -nE '(printf|puts)\(.*SAY_' daemon/core/*.c daemon/engine/*.c daemon/gritd/*.c | grep -vE 'say_to\(|core_say\(|book_say\(|in_english\(') || true
[ -z "$bare" ] || { echo "sentences that no translation reaches:"; echo "$bare"; status=1; }
[ $status = 0 ] && echo "every file has its row"
exit $status
