#!/usr/bin/env bash
# Exit codes and outputs of every subcommand of gritctl, with good and with bad input.
#
# usage: gritctl.sh [build folder]
#   GRITD_SHARED  folder with shared data (default: ../shared beside the repository); parts that need
#                 what is not there are skipped with a line that says so
# Exit: 0 when all passed; closing line `N passed, N failed, N skipped`.
. "$(dirname "${BASH_SOURCE[0]}")/ctl.sh"

# gives NAME CODE WORDS...: runs gritctl; its output is left in $work/out and $work/err
gives() {
    local name=$1 want=$2 got
    shift 2
    timeout 120 "$gritctl" "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    if [ "$got" -eq "$want" ]; then
        pass
    else
        fail "$name: exit $got, expected $want"
        head -5 "$work/out" "$work/err"
    fi
}

# says NAME out|err PATTERN: the last run printed a line that fits
says() {
    if grep -Eq -- "$3" "$work/$2"; then
        pass
    else
        fail "$1: std$2 has no line like /$3/"
        head -5 "$work/$2"
    fi
}

# silent NAME out|err
silent() {
    if [ -s "$work/$2" ]; then
        fail "$1: std$2 is not empty"
        head -5 "$work/$2"
    else
        pass
    fi
}

# last NAME LINE: the last line of stdout
last() {
    if [ "$(tail -1 "$work/out")" = "$2" ]; then
        pass
    else
        fail "$1: the last line is '$(tail -1 "$work/out")', expected '$2'"
    fi
}

# ---- the command line itself ----
gives "no command" 2
silent "no command" out
gives "help" 0 --help
for name in check test simulate catalogue next preview why status pause resume reload event import; do
    says "help names $name" out "^  $name +"
    "$gritctl" "$name" --help >/dev/null 2>&1 && pass || fail "$name --help"
done
gives "help of one" 0 help next
says "help of one" out '^usage: gritctl next '
gives "version" 0 --version
says "version" out '^gritctl [0-9]+\.[0-9]+'
gives "unknown command" 2 chekc
says "unknown command" err "did you mean 'check'"
silent "unknown command" out
gives "unknown option" 2 check --strcit
says "unknown option" err "did you mean '--strict'"
gives "unknown short option" 2 check -z
gives "option without value" 2 next '@daily' --zone
gives "option twice" 2 next '@daily' --zone UTC --zone UTC
gives "flag with value" 2 check --json=yes
gives "too many words" 2 next '@daily' '@weekly' --zone UTC
gives "too few words" 2 next --zone UTC
gives "drill without a daemon" 69 drill --rep ana

# ---- next ----
gives "next" 0 next 'weekday at 09:00' --zone Europe/Berlin --after 2026-10-23T08:00:00Z --count 2
says "next over a clock change" out '^2026-10-26T08:00:00Z  2026-10-26T09:00:00\+01:00$'
[ "$(wc -l <out)" -eq 2 ] && pass || fail "next: --count 2 gives $(wc -l <out) lines"
gives "next in a gap" 0 next '30 2 * * *' --zone America/Denver --after 2026-03-08T00:00:00Z --count 2 --json
says "next in a gap" out '^\{"utc":"2026-03-08T09:00:00Z","local":"2026-03-08T03:00:00-06:00"\}$'
gives "next in a repeated hour" 0 next '30 1 * * *' --zone America/Denver --after 2026-11-01T05:00:00Z --count 2
says "next: the first pass" out '^2026-11-01T07:30:00Z  2026-11-01T01:30:00-06:00$'
says "next: and not the second" out '^2026-11-02T08:30:00Z'
gives "next: an interval follows both passes" 0 next '*/30 * * * *' --zone America/Denver \
    --after 2026-11-01T07:00:00Z --count 4
says "next: second pass" out '^2026-11-01T08:30:00Z  2026-11-01T01:30:00-07:00$'
gives "next: rrule" 0 next 'FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0' --zone UTC --after 2026-03-02T09:00:00Z
says "next: rrule" out '^2026-03-09T09:00:00Z'
gives "next: never again" 1 next 'FREQ=DAILY;UNTIL=20200101T000000Z' --zone UTC
gives "next: default count" 0 next '@daily' --zone UTC
[ "$(wc -l <out)" -eq 5 ] && pass || fail "next: the default is five"
gives "next: bad zone" 2 next '@daily' --zone Europe/Berln
says "next: bad zone" err "did you mean 'Europe/Berlin'"
gives "next: zone that climbs" 2 next '@daily' --zone ../../etc/passwd
gives "next: bad time" 2 next '@daily' --zone UTC --after tomorrow
gives "next: impossible time" 2 next '@daily' --zone UTC --after 2026-02-30T00:00:00Z
gives "next: bad schedule" 2 next 'wekday at 09:00' --zone UTC
says "next: bad schedule" err 'weekday'
gives "next: bad count" 2 next '@daily' --zone UTC --count many
gives "next: count 0" 2 next '@daily' --zone UTC --count 0

# ---- catalogue ----
printf 'plugins: [%s]\npipeline: %s\n' "$top/plugins" "$top/config/pipeline.yaml" >"$work/all.yaml"
# B82: easy wins first, by impact over effort, then by effort, then by name, and always the same
gives "catalogue" 0 catalogue --config "$work/all.yaml"
cp "$work/out" "$work/catalogue"
says "B82: the easiest win is first" out '^ 1\. weekly \(impact 3, effort 1\): '
order=$(sed -n 's/^ *[0-9]*\. \(goal-slices\|if-then\|two-sided-gates\|training\) .*/\1/p' "$work/out" | tr '\n' ' ')
[ "$order" = "goal-slices if-then two-sided-gates training " ] && pass || fail "B82: the order is '$order'"
gives "catalogue again" 0 catalogue --config "$work/all.yaml"
cmp -s "$work/out" "$work/catalogue" && pass || fail "B82: the order is another one the second time"
gives "catalogue --json" 0 catalogue --config "$work/all.yaml" --json
says "catalogue --json" out \
    '^\{"place":1,"plugin":"weekly","version":[0-9]+,"pack":"gritd 1","impact":3,"effort":1,"about":".*","ideas":\["B20",.*\]\}$'
# A13: the pack has a version, and an idea leads to its rules
says "A13: the pack" catalogue '^gritd 1: [0-9]+ plugins$'
gives "catalogue --ideas" 0 catalogue --config "$work/all.yaml" --ideas
says "A13: from an idea to its rules" out '^B77 Both sides verified: moved-without-customer, moved-without-seller, our-half-alone, their-half-alone$'
printf 'plugin: later\narea: skill\nimpact: 9\neffort: 1\n' >"$work/estimate.yaml"
gives "an estimate has an end" 1 check "$work/estimate.yaml"
says "an estimate has an end" out 'impact.*5'

# ---- check ----
cat >good.yaml <<'YAML'
plugin: good
about: Asks about the next step.
version: 1
area: opportunity
questions:
  next-step:
    kind: activity
    text: "{{deal.name}}: what will you do first?"
    answer: text
    reader: rep
rules:
  - rule: ask-next-step
    about: a question when a deal moves
    when: deal.stage_changed
    ask: next-step
    limit: 1 per deal
    quiet: hold
tests:
  - test: asks in working hours
    people: {ana: {zone: America/Denver}}
    given:
      - {at: 2026-03-04 10:00, event: deal.stage_changed, rep: ana, deal: D1, to: propose}
      - {at: 2026-03-04 11:00, rep: ana, answer: call them}
    expect:
      - {at: 2026-03-04 10:00, rep: ana, rule: ask-next-step, text: /do first/}
      - {rep: ana, rule: ask-next-step, count: 1}
  - test: holds at night
    people: {ana: {zone: America/Denver}}
    given:
      - {at: 2026-03-04 22:00, event: deal.stage_changed, rep: ana, deal: D1, to: propose}
    expect:
      - {at: 2026-03-04 22:00, rep: ana, outcome: held, gate: hours}
      - {at: 2026-03-05 08:30, rep: ana, rule: ask-next-step}
YAML
sed 's/^plugin: good/plugin: worse/; s/ask: next-step/asc: next-step/; s/ask-next-step/other-step/' good.yaml >bad.yaml
printf 'plugin: [\n' >broken.yaml
none=$work/none.yaml
gives "check a good plugin" 0 check good.yaml
last "check a good plugin" "1 loaded, 0 failed, 0 warnings"
says "check: the dose" out '^A rep gets at most 3 messages a day and [0-9]+ a week: questions 1 and 3, '
gives "check --json, the dose" 0 check good.yaml --json
says "check --json, the dose" out '^\{"at_most":"rep","day":3,"week":[0-9]+,"parts":\{"questions":\{"day":1,'
gives "check a bad plugin" 1 check good.yaml bad.yaml
says "check: place, words and code" out '^bad\.yaml:[0-9]+:[0-9]+: error: .*asc.*ask.* \[[a-z-]+\]$'
last "check a bad plugin" "1 loaded, 1 failed, 0 warnings"
gives "check --json" 1 check bad.yaml --json
says "check --json" out '^\{"file":"bad\.yaml","line":[0-9]+,"col":[0-9]+,"severity":"error","code":"[a-z-]+","text":".*"\}$'
gives "check broken YAML" 1 check broken.yaml
says "check broken YAML" out '^broken\.yaml:[0-9]+:[0-9]+: error: '
gives "check a missing file" 1 check absent.yaml
says "check a missing file" out '^absent\.yaml:0:0: error: .* \[cannot-read\]$'
gives "check a missing configuration" 1 --config "$none" check
gives "check: --config behind the command" 1 check --config "$none"
mkdir -p folder && cp good.yaml folder/
gives "check a folder" 0 check folder
last "check a folder" "1 loaded, 0 failed, 0 warnings"
# a folder with more than plugins in it: each file is what its keys say, the rest is passed over
printf 'people:\n  - {id: ana, zone: America/Denver}\n' >folder/staff.yaml
printf 'stages:\n  - {id: propose, name: Offer}\n' >folder/steps.yaml
printf 'display_information: {name: x}\nfeatures: {}\n' >folder/manifest.yaml
gives "check a mixed folder" 0 check folder
says "check: passes over" out '^folder/manifest\.yaml: passed over: it is none of gritd.s files .it has display_information, features.$'
last "check a mixed folder" "3 loaded, 0 failed, 4 warnings"
printf 'people:\n  - {id: ana, zone: America/Denvr}\n' >folder/staff.yaml
gives "check a mixed folder with a mistake" 1 check folder
says "check: people by their keys" out '^folder/staff\.yaml:2:[0-9]+: error: .*America/Denver'
printf 'plugni: good\nabuot: x\n' >folder/manifest.yaml
gives "check: a misspelt plugin is not passed over" 1 check folder
says "check: a misspelt plugin" out "^folder/manifest\.yaml:1:1: error: .*did you mean 'plugin'"
rm folder/staff.yaml folder/steps.yaml folder/manifest.yaml
# a link out of the folder may lead to what only the caller may read: it is named, and not read
printf 'root-canary: x\n' >elsewhere.yaml
ln -s ../elsewhere.yaml folder/link.yaml
gives "check: a link out of the folder" 1 check folder
says "check: a link out of the folder" out '^folder/link\.yaml:0:0: error: a link that leads out of its folder is not followed'
(! grep -q canary "$work/out" "$work/err") && pass || fail "check: a link out of the folder was read"
last "check: a link out of the folder" "1 loaded, 1 failed, 0 warnings"
rm folder/link.yaml
gives "check a named foreign file" 1 check "$none"
printf 'people:\n  - {id: ana, zone: America/Denvr}\n' >people.yaml
gives "check people.yaml" 1 check people.yaml
says "check people.yaml" out "^people\.yaml:2:[0-9]+: error: .*America/Denver"
last "check people.yaml" "0 loaded, 1 failed, 0 warnings"
printf 'people:\n  - {id: ana, zone: America/Denver}\n' >people.yaml
gives "check people.yaml, mended" 0 check people.yaml
sed 's/plugin: good/plugin: lint/; s/what will you do first?/did you do it?/; s/next-step/lint-step/g' good.yaml >lint.yaml
gives "check: a warning alone is fine" 0 check lint.yaml
says "check: a warning" out '^lint\.yaml:[0-9]+:[0-9]+: warning: '
gives "check --strict" 1 check --strict lint.yaml
says "check --strict" out '^lint\.yaml:[0-9]+:[0-9]+: error: '
last "check --strict" "0 loaded, 1 failed, 0 warnings"
# B28: an obstacle is asked for together with what could help
sed 's/plugin: good/plugin: hint/; s/what will you do first/what is stopping you/; s/next-step/hint-step/g' good.yaml >hint.yaml
gives "check: an obstacle alone" 0 check hint.yaml
says "B28: an obstacle alone" out '^hint\.yaml:[0-9]+:[0-9]+: warning: .* \[lint-obstacle\]$'
sed 's/what is stopping you/what is stopping you, and who could help/' hint.yaml >help.yaml
gives "B28: an obstacle with somebody who helps" 0 check --strict help.yaml
# any bytes
head -c 20971520 /dev/zero | tr '\0' 'a' >big.yaml
gives "check 20 MiB" 1 check big.yaml
says "check 20 MiB" out '^big\.yaml:.*error: '
head -c 4096 /dev/zero >zeros.yaml
printf '\xff\xfe\x00p\x00l' >utf16.yaml
printf 'plugin: \xc3\x28\n' >utf8.yaml
: >empty.yaml
for ((i = 0; i < 400; i++)); do printf '['; done >deep.yaml
for name in zeros utf16 utf8 empty deep; do
    gives "check $name" 1 check "$name.yaml"
done
for ((i = 1; i <= 40; i++)); do
    # a good file with one byte changed, by a fixed rule
    at=$(((i * 7919) % $(wc -c <good.yaml)))
    { head -c "$at" good.yaml; printf "\\x$(printf %02x $(((i * 37) % 256)))"; tail -c +$((at + 2)) good.yaml; } >mutant.yaml
    timeout 120 "$gritctl" check mutant.yaml >out 2>err
    code=$?
    [ "$code" -le 1 ] && pass || fail "check: mutant $i (byte $at) ends with $code"
done

# ---- words ----
gives "words de" 0 words de
says "words de" out '^language: de$'
cp "$work/out" "$work/words.de.yaml"
printf 'words: [words.de.yaml]\n' >"$work/words-gritd.yaml"
gives "all words as printed" 0 --config "$work/words-gritd.yaml" check
says "all words as printed" out '0 failed, 0 warnings'
sed -i 's/^  later: .*/  later: "%s"/' "$work/words.de.yaml"
gives "a value too many" 1 --config "$work/words-gritd.yaml" check
says "a value too many" out "words.de.yaml:[0-9]+:[0-9]+: error: 'later': '%s' stands where the English sentence has no value"
rm "$work/words.de.yaml"
gives "words that are not there" 1 --config "$work/words-gritd.yaml" check
says "words that are not there" out 'words-gritd.yaml:1:[0-9]+: error: .*words.de.yaml'
gives "words of no language" 2 words German

# ---- test ----
gives "test" 0 test good.yaml
last "test" "2 passed, 0 failed"
gives "test --json" 0 test good.yaml --json
says "test --json" out '^\{"test":"asks in working hours","plugin":"good",.*"passed":true'
sed 's/08:30, rep: ana, rule/08:45, rep: ana, rule/; s/plugin: good/plugin: wrong/' good.yaml >wrong.yaml
gives "a failing test" 1 test wrong.yaml
says "a failing test: its place" out '^wrong\.yaml:[0-9]+:[0-9]+: failed: holds at night$'
says "a failing test: the reason" out 'expected: sent, rule ask-next-step, rep ana, at 2026-03-05T15:45:00Z; nearest: '
says "a failing test: the trace" out '2026-03-05T05:00:00Z ana ask-next-step held: hours: '
last "a failing test" "1 passed, 1 failed"
gives "test: a file that does not load" 1 test good.yaml bad.yaml
last "test: a file that does not load" "2 passed, 0 failed"
cat >click.test.yaml <<'YAML'
tests:
  - test: nothing to answer
    people: {ana: {zone: UTC}}
    given:
      - {at: 2026-03-04 10:00, rep: ana, answer: too early}
    expect:
      - {rep: ana, not: true}
YAML
gives "test: an answer to nothing" 1 test good.yaml click.test.yaml
says "test: an answer to nothing" out "ana has no message with the button 'answer'"
if ls "$top"/plugins/*.yaml >/dev/null 2>&1; then
    gives "check the shipped plugins" 0 check --strict "$top/plugins"
    gives "test the shipped plugins" 0 test "$top/plugins"
    says "test the shipped plugins" out '^[1-9][0-9]* passed, 0 failed$'
else
    skip "shipped plugins: plugins/ holds none"
fi

# ---- simulate ----
cat >events.ndjson <<'JSON'
{"specversion":"1.0","id":"1","source":"/t","type":"gritd.deal.stage_changed","time":"2026-03-02T10:00:00Z","subject":"deal/D1","data":{"deal":{"id":"D1","name":"Acme","owner":"ana","stage":{"canonical":"propose"}},"from":{"canonical":"discover"},"to":{"canonical":"propose"},"direction":"forward"}}

{"specversion":"1.0","id":"1","source":"/t","type":"gritd.deal.stage_changed","time":"2026-03-02T10:00:00Z","subject":"deal/D1","data":{"deal":{"id":"D1","name":"Acme","owner":"ana","stage":{"canonical":"propose"}},"from":{"canonical":"discover"},"to":{"canonical":"propose"},"direction":"forward"}}
{"specversion":"1.0","id":"2","source":"/t","type":"gritd.deal.stage_changed","time":"2026-03-02T11:00:00Z","subject":"deal/D2","data":{"deal":{"id":"D2","name":"Bolt","owner":"ana","stage":{"canonical":"propose"}},"from":{"canonical":"discover"},"to":{"canonical":"propose"},"direction":"forward"}}
JSON
gives "simulate" 0 simulate --events events.ndjson --plugins good.yaml
says "simulate: what was read" out '^events: 2 played, 1 repeated'
says "simulate: who got what" out '^2026-03-02  ana  ask-next-step$'
says "simulate: per rule" out '^ask-next-step +1 +0 +0 +1 '
says "simulate: held back by" out '^held back by: caps 1$'
says "simulate: the cap" out '^nobody above 1 coaching messages a day'
says "simulate: the assumption" out 'reacted to one hour later'
# an id that comes again within three days is the same event, whatever else it says; later it is another
sed -n 1p events.ndjson >again.ndjson
sed -n 1p events.ndjson | sed 's/T10:00:00Z/T11:00:00Z/' >>again.ndjson
sed -n 1p events.ndjson | sed 's/2026-03-02T/2026-03-09T/' >>again.ndjson
gives "simulate: an id again" 0 simulate --events again.ndjson --plugins good.yaml
says "simulate: an id again" out '^events: 2 played, 1 repeated'
gives "simulate --json" 0 simulate --events events.ndjson --plugins good.yaml --json
says "simulate --json" out '^\{"at":"2026-03-02T10:00:00Z","rep":"ana","rule":"ask-next-step","occurrence":"1","outcome":"sent","gates":\['
[ "$(wc -l <out)" -eq 2 ] && pass || fail "simulate --json: $(wc -l <out) decisions"
"$gritctl" simulate --plugins good.yaml --events - <events.ndjson >stdin.txt 2>&1
"$gritctl" simulate --plugins good.yaml --events events.ndjson >file.txt 2>&1
cmp -s stdin.txt file.txt && pass || fail "simulate: stdin differs from the file"
tac events.ndjson >turned.ndjson
"$gritctl" simulate --plugins good.yaml --events turned.ndjson >turned.txt 2>&1
cmp -s turned.txt file.txt && pass || fail "simulate: the order of the lines matters"
{ cat events.ndjson && echo '{'; } >end.ndjson
gives "simulate: a bad last line" 1 simulate --events end.ndjson --plugins good.yaml
silent "simulate: a bad last line" out
gives "simulate --people" 0 simulate --events events.ndjson --plugins good.yaml --people people.yaml --json
says "simulate --people: in her own zone it is night" out '"outcome":"held"'
gives "simulate --from" 0 simulate --events events.ndjson --plugins good.yaml --from 2026-03-02T10:30:00Z --json
[ "$(wc -l <out)" -eq 1 ] && pass || fail "simulate --from: $(wc -l <out) decisions"
gives "simulate --answers none" 0 simulate --events events.ndjson --plugins good.yaml --answers none
gives "simulate --answers ?" 2 simulate --events events.ndjson --plugins good.yaml --answers some
gives "simulate without events" 2 simulate --plugins good.yaml
gives "simulate: missing events" 1 simulate --events absent --plugins good.yaml
gives "simulate: missing plugins" 1 simulate --events events.ndjson --plugins absent
gives "simulate: bad time" 2 simulate --events events.ndjson --plugins good.yaml --from noon
gives "simulate: bad plugin" 1 simulate --events events.ndjson --plugins bad.yaml
{ cat events.ndjson; echo '{"specversion":"1.0"}'; echo 'not json'; } >bad.ndjson
gives "simulate: bad events" 1 simulate --events bad.ndjson --plugins good.yaml
says "simulate: bad events are named" err '^bad\.ndjson:5: '
says "simulate: all of them" err '^bad\.ndjson:6: '
gives "simulate: no events" 0 simulate --events /dev/null --plugins good.yaml
sed 's/ask-next-step/ask-again/; s/plugin: good/plugin: other/' good.yaml >folder/good.yaml
gives "simulate --against" 0 simulate --events events.ndjson --plugins good.yaml --against folder
says "simulate --against: a rule that is gone" out '^ask-again +1 +0 +-1  -+$'
says "simulate --against: a rule that is new" out '^ask-next-step +0 +1 +\+1  \++$'
says "simulate --against: per person" out '^nobody gets more or fewer messages$'
gives "simulate --against --json" 0 simulate --events events.ndjson --plugins good.yaml --against folder --json
says "simulate --against --json" out '^\{"kind":"rule","rule":"ask-again","against":\{"sent":1,.*"rules":\{"sent":0,.*"change":-1\}$'

# ---- import, and the large case ----
maven=$shared/cases/data/maven-crm
gives "import: unknown kind" 2 import --kind maven-crn file.csv
says "import: unknown kind" err "did you mean 'maven-crm'"
gives "import: missing file" 1 import --kind maven-crm absent.csv
gives "import: no kind" 2 import file.csv
printf 'a,b\n1,2\n' >strange.csv
gives "import: a strange table" 1 import --kind csv strange.csv
if [ -d "$maven" ]; then
    gives "import maven-crm" 0 import --kind maven-crm "$maven"/sales_pipeline.csv "$maven"/sales_teams.csv \
        --people-out imported.yaml
    cp out maven.ndjson
    [ "$(wc -l <maven.ndjson)" -eq 15011 ] && pass || fail "import: $(wc -l <maven.ndjson) events"
    says "import: what was skipped" err '500'
    gives "the imported people" 0 simulate --events maven.ndjson --plugins good.yaml --people imported.yaml
    rules=$top/plugins
    ls "$rules"/*.yaml >/dev/null 2>&1 || rules=good.yaml
    start=$(date +%s%N)
    gives "simulate maven-crm" 0 simulate --events maven.ndjson --plugins "$rules"
    took=$((($(date +%s%N) - start) / 1000000))
    cp out first.txt
    echo "simulate maven-crm: $(wc -l <maven.ndjson) events in $took ms"
    says "simulate maven-crm: the cap" out '^nobody above 1 coaching messages a day \(most: 1\)$'
    gives "simulate maven-crm again" 0 simulate --events maven.ndjson --plugins "$rules"
    cmp -s out first.txt && pass || fail "simulate: two runs differ"
    "$gritctl" simulate --events maven.ndjson --plugins "$rules" --json >first.txt
    "$gritctl" simulate --events maven.ndjson --plugins "$rules" --json >second.txt
    cmp -s first.txt second.txt && pass || fail "simulate --json: two runs differ"
    [ "$took" -lt 20000 ] && pass || fail "simulate maven-crm took $took ms" # sanitized builds are slow
else
    skip "maven-crm: $maven is not there"
fi
stream=$shared/cases/data/synthetic
if [ -d "$stream" ] && ls "$top"/plugins/*.yaml >/dev/null 2>&1; then
    gives "simulate the synthetic stream" 0 simulate --events "$stream/stream-ordered.ndjson" --plugins "$top/plugins"
    cp out ordered.txt
    gives "simulate it as delivered" 0 simulate --events "$stream/stream-delivered.ndjson" --plugins "$top/plugins"
    says "repeated ones are told" out '^events: 681 played, 18 repeated'
    [ "$(tail -n +3 out)" = "$(tail -n +3 ordered.txt)" ] && pass || fail "order of arrival changes the end"
else
    skip "synthetic stream: not there, or no shipped plugins"
fi
cases=$shared/cases/cron-dst-cases.json
if [ -f "$cases" ] && command -v jq >/dev/null 2>&1; then
    count=0
    while IFS=$'\t' read -r id schedule zone after expect; do
        got=$("$gritctl" next "$schedule" --zone "$zone" --after "$after" 2>&1 | cut -d' ' -f1 | tr '\n' ' ')
        count=$((count + 1))
        [ "$got" = "$expect " ] && pass || fail "next: case $id: $got"
    done < <(jq -r '.cases[] | [.id, .schedule, .tz, .after, (.expect | join(" "))] | @tsv' "$cases")
    [ "$count" -gt 0 ] && pass || fail "no case in $cases"
else
    skip "clock change cases: $cases or jq is not there"
fi

# ---- no daemon ----
mkdir -p site && cp good.yaml people.yaml site/
cat >site/gritd.yaml <<'YAML'
chat: {platform: local}
people: people.yaml
plugins: [good.yaml]
store: sqlite:gritd.db
listen: 127.0.0.1:0
YAML
config=site/gritd.yaml
gives "rules without a purpose" 1 --config $config check
says "rules without a purpose" out 'gritd.yaml:1:1: error: .*purpose: coaching of our sales teams.*no-purpose'
echo 'purpose: coaching in a test' >>$config
gives "check the configuration" 0 --config $config check
last "check the configuration" "1 loaded, 0 failed, 0 warnings"
gives "test the configuration" 0 --config $config test
for command in status pause resume reload; do
    gives "$command without a daemon" 69 "$command" --config $config
    silent "$command without a daemon" out
done
gives "status: a socket that is not there" 69 status --socket "$work/absent.sock"
gives "event without a daemon" 69 event events.ndjson --config $config
gives "event: nobody listens" 69 event events.ndjson --address 127.0.0.1:1
gives "event: missing file" 1 event absent --config $config
gives "event: bad address" 2 event events.ndjson --address nowhere
gives "why without a store" 1 why --rep ana --config $config
gives "why without --rep" 2 why --config $config
gives "why: bad time" 2 why --rep ana --at 10:00 --config $config
gives "pause: bad length" 2 pause --for long --config $config
gives "pause: rep and team" 2 pause --rep ana --team west --config $config
gives "preview without a store" 1 preview ask-next-step --rep ana --config $config
says "preview without a store" err 'nothing is known'
gives "preview: unknown rule" 1 preview ask-next-stp --rep ana --config $config
says "preview: unknown rule" err "did you mean 'ask-next-step'"
gives "preview: unknown person" 1 preview ask-next-step --rep zoe --config $config

# ---- with the daemon ----
start_daemon() {
    "$gritd" --config $config >gritd.log 2>&1 &
    daemon=$!
    for ((i = 0; i < 2400; i++)); do
        "$gritctl" --config $config status >/dev/null 2>&1 && return 0
        kill -0 "$daemon" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}
if [ ! -x "$gritd" ]; then
    skip "with a daemon: $gritd is not built"
elif ! start_daemon; then
    fail "the daemon did not start: $(tail -3 gritd.log)"
else
    gives "status" 0 --config $config status
    says "status" out '^rules +1$'
    gives "status --json" 0 status --json --config $config
    says "status --json" out '^\{"ok":true,'
    gives "status by its socket" 0 status --socket site/control.sock
    GRITD_SOCKET=site/control.sock "$gritctl" status >/dev/null 2>&1 && pass || fail "GRITD_SOCKET"
    gives "event" 0 event events.ndjson --config $config
    says "event" out '^2 accepted, 1 repeated$'
    gives "event again" 0 event events.ndjson --config $config --json
    says "event again" out '^\{"accepted":0,"repeated":3\}$'
    jq -s . events.ndjson >array.json 2>/dev/null && gives "event: an array" 0 event array.json --config $config
    head -1 events.ndjson | "$gritctl" event - --config $config >/dev/null 2>&1 && pass || fail "event -"
    echo '{"specversion":"1.0","id":"9"}' >one.json
    gives "event: refused" 1 event one.json --config $config
    says "event: refused" err 'refused \(400\): '
    gives "event: no JSON" 1 event good.yaml --config $config
    now=$("$gritctl" --config $config status --json | sed 's/.*"now":"\([^"]*\)".*/\1/')
    sed "s/2026-03-02T1[01]:00:00Z/$now/; s/\"id\":\"\([0-9]\)\"/\"id\":\"now-\1\"/" events.ndjson >fresh.ndjson
    gives "event: happening now" 0 event fresh.ndjson --config $config
    says "event: happening now" out '^2 accepted, 1 repeated$'
    gives "why" 0 why --rep ana --config $config
    says "why: sent" out '  ask-next-step  sent  deal D1$'
    says "why: suppressed" out '  ask-next-step  suppressed  deal D2$'
    says "why: the first blocker" out '^  first blocker: conversation: '
    gives "why: within that minute" 0 why --rep ana --at "$now" --config $config --json
    [ "$(wc -l <out)" -eq 2 ] && pass || fail "why --at: $(wc -l <out) decisions"
    gives "why: another minute" 0 why --rep ana --at 2026-03-02T10:00:00Z --config $config
    silent "why: another minute" out
    gives "why" 0 why --rep ana --config $config
    says "why: each gate" out '^  (ok|NO) consent'
    says "why: what would have changed it" out '^  It would have gone on '
    gives "why --json" 0 why --rep ana --config $config --json
    says "why --json" out '^\{"at":"'
    gives "why: a stranger" 1 why --rep anna --config $config
    says "why: a stranger" err "nobody has the id 'anna'; did you mean 'ana'\?"
    silent "why: a stranger" out
    gives "why: a stranger" 1 why --rep anna --config $config
    says "why: a stranger" err "nobody has the id 'anna'; did you mean 'ana'\?"
    silent "why: a stranger" out
    gives "why: another rule" 0 why --rep ana --rule other --config $config
    silent "why: another rule" out
    says "why: another rule" err "no decision about 'ana' by other"
    gives "preview" 0 preview ask-next-step --rep ana --deal D1 --config $config
    says "preview: the words" out '^Acme: what will you do first\?$'
    says "preview: who reads it" out '^Only you can read your answer\.$'
    says "preview: buttons" out '^\[Answer\] \[Later\] \[Skip\] \[Why\?\]$'
    gives "preview --json" 0 preview ask-next-step --rep ana --deal D1 --config $config --json
    gives "preview: unknown deal" 1 preview ask-next-step --rep ana --deal D9 --config $config
    gives "pause" 0 pause --rep ana --for 2h --config $config
    gives "resume" 0 resume --rep ana --config $config
    gives "reload" 0 reload --config $config
    cp broken.yaml site/people.yaml
    gives "reload of a broken configuration" 1 reload --config $config
    says "reload of a broken configuration" err 'people\.yaml:[0-9]+:[0-9]+: error: '
    gives "the old one stays" 0 status --config $config
    cp people.yaml site/
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
