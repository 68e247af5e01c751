#!/usr/bin/env bash
# The workbench: two rule sets over the same events, as a screen, as JSON and as a page; and why
# somebody did or did not get a message, also by rules that an event nearly woke.
#
# usage: workbench.sh [build folder]
#   GRITD_SHARED  folder with shared data (default: ../shared beside the repository); the large case
#                 is skipped where it is not there
# Exit: 0 when all passed; closing line `N passed, N failed, N skipped`.
. "$(dirname "${BASH_SOURCE[0]}")/ctl.sh"

# gives NAME CODE WORDS...: runs gritctl; its output is left in $work/out and $work/err
gives() {
    local name=$1 want=$2 got
    shift 2
    timeout 120 "$gritctl" "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [ "$got" -eq "$want" ] && pass && return
    fail "$name: exit $got, expected $want"
    head -5 "$work/out" "$work/err"
}

# says NAME FILE PATTERN, lacks NAME FILE PATTERN: a line of that file fits, or none does
says() {
    grep -Eq -- "$3" "$work/$2" && pass && return
    fail "$1: $2 has no line like /$3/"
    head -45 "$work/$2"
}
lacks() {
    grep -Eq -- "$3" "$work/$2"
    [ $? -eq 1 ] && pass || fail "$1: $2 is not there or has a line like /$3/"
}
same() {
    cmp -s "$2" "$3" && pass || fail "$1: the bytes differ"
}
# screen NAME: at most 40 lines of 80 columns
screen() {
    local lines columns
    lines=$(wc -l <out)
    columns=$(LC_ALL=C.UTF-8 wc -L <out)
    [ "$lines" -le 40 ] && [ "$columns" -le 80 ] && pass || fail "$1: $lines lines, $columns columns"
}
# page NAME FILE: well-formed, and nothing from elsewhere
page() {
    if command -v xmllint >/dev/null; then
        xmllint --noout "$2" 2>err && pass || fail "$1: not well-formed: $(head -2 err)"
    else
        skip "$1: xmllint is not there"
    fi
    lacks "$1: no script" "$2" '<script'
    lacks "$1: nothing from elsewhere" "$2" '(https?:|//|src=|url\()'
    says "$1: both colour schemes" "$2" 'prefers-color-scheme:dark'
}

# ---- rules and events ----
mkdir -p new old
rules() { # PLUGIN, then lines of rules
    printf 'plugin: %s\nabout: Rules for the workbench.\nversion: 1\narea: opportunity\n' "$1"
    printf 'questions:\n  q-%s:\n    kind: activity\n' "$1"
    printf '    text: "{{deal.name}}: what will you do first?"\n    answer: text\n    reader: rep\nrules:\n'
    cat
}
rules one >new/one.yaml <<'YAML'
  - rule: on-propose
    about: a question when a deal reaches its offer
    when: {event: deal.stage_changed, to: propose}
    ask: q-one
  - rule: on-large
    about: only for large deals
    when: deal.stage_changed
    if:
      deal.amount: {at_least: 10000}
    ask: q-one
  - rule: on-turn
    about: one of two
    when: deal.stage_changed
    if:
      any: [{to: won}, {direction: back}]
    ask: q-one
  - rule: on-no-step-ahead
    about: one that must not hold
    when: deal.stage_changed
    if:
      not: {direction: forward}
    ask: q-one
  - rule: on-patience
    about: one that waits
    when: deal.stage_changed
    for: 2d
    ask: q-one
  - rule: on-tuesday
    about: a schedule with a condition
    every: Tuesday at 09:00
    if:
      rep.team: west
    ask: q-one
YAML
rules two >old/two.yaml <<'YAML'
  - rule: on-any-move
    about: a question when a deal moves
    when: deal.stage_changed
    ask: q-two
YAML
# event ID TIME DEAL OWNER FROM TO
event() {
    printf '{"specversion":"1.0","id":"%s","source":"/t","type":"gritd.deal.stage_changed","time":"%s",' "$1" "$2"
    printf '"subject":"deal/%s","data":{"deal":{"id":"%s","name":"Acme","owner":"%s",' "$3" "$3" "$4"
    printf '"amount":5000,"currency":"USD","stage":{"canonical":"%s"}},' "$6"
    printf '"from":{"canonical":"%s"},"to":{"canonical":"%s"},"direction":"forward"}}\n' "$5" "$6"
}
{
    event 1 2026-03-02T10:00:00Z D1 ana prospect qualify
    event 2 2026-03-03T10:00:00Z D2 ana discover propose
    event 5 2026-03-03T10:30:00Z D9 ana discover propose
    event 3 2026-03-03T11:00:00Z D3 ben discover propose
    event 4 2026-03-04T11:00:00Z D4 'c<i>&\"e' prospect qualify
} >events.ndjson

# ---- two rule sets ----
gives "against" 0 simulate --events events.ndjson --plugins new --against old --html both.html
screen "against"
says "against: totals" out '^messages +4 +4 +\+0  █+$'
says "against: a rule that is gone" out '^on-any-move +4 +0 +-4  -+$'
says "against: a rule that is new" out '^on-propose +0 +2 +\+2  \++$'
says "against: person-days" out '^a person-day: p50/p95/max +[0-9]+/[0-9]+/[0-9]+ +[0-9]+/[0-9]+/[0-9]+$'
says "against: attention" out '^minutes of attention +8 +8 +\+0$'
says "against: gates" out '^not sent, by gate +held +expired +suppressed +cancelled +missed$'
says "against: what they stopped" out '^conversation +\. +\. +[0-9]+>[0-9]+ '
lacks "against: no colour" out $'\033'
page "against: the page" both.html
says "against: the page's rules" both.html 'on-any-move</th><td>4 → 0</td>'
says "against: names are data" both.html 'c&lt;i&gt;&amp;&quot;e'
lacks "against: names are no markup" both.html '<i>'
cp out first.txt
cp both.html first.html
gives "against again" 0 simulate --events events.ndjson --plugins new --against old --html both.html
same "against: the screen twice" out first.txt
same "against: the page twice" both.html first.html
gives "against --json" 0 simulate --events events.ndjson --plugins new --against old --json
says "against --json: total" out '^\{"kind":"total","against":\{"rules":1,"people":3,"messages":4,.*"minutes":8,.*"rules":\{"rules":6,.*"change":0\}$'
says "against --json: rule" out '^\{"kind":"rule","rule":"on-propose","against":\{"sent":0,.*"rules":\{"sent":2,.*"change":2\}$'
says "against --json: gate" out '^\{"kind":"gate","gate":"[a-z_]+","against":\{'
says "against --json: person" out '^\{"kind":"person","person":"ana","against":\{"messages":2,"max":1,"minutes":4\}'
if command -v jq >/dev/null; then
    jq -e . out >/dev/null 2>err && pass || fail "against --json: $(head -1 err)"
    # one tally: the rules' figures add up to the total, and stand in the page
    sum=$(jq -s '[.[] | select(.kind == "rule") | .rules.sent] | add' out)
    total=$(jq -s '.[] | select(.kind == "total") | .rules.messages' out)
    [ "$sum" = "$total" ] && pass || fail "against --json: the rules sum to $sum, the total is $total"
    says "against: the same in the page" both.html "<dd>$total<small>"
fi
gives "against itself" 0 simulate --events events.ndjson --plugins new --against new
says "against itself" out '^nobody gets more or fewer messages$'
gives "against nothing" 0 simulate --events /dev/null --plugins new --against old --html empty.html
page "against nothing" empty.html
gives "html to a place that is not there" 1 simulate --events events.ndjson --plugins new --html absent/page.html
says "html to a place that is not there" err 'absent/page\.html: No such file'

# ---- one rule set ----
gives "one" 0 simulate --events events.ndjson --plugins new --html one.html
says "one: attention" out '^attention: about [0-9.]+ minutes '
page "one: the page" one.html
lacks "one: nothing to compare" one.html '→'
gives "one --json" 0 simulate --events events.ndjson --plugins new --html json.html --json
lacks "one --json: decisions" out '"kind"'
same "one: the same page" one.html json.html

# ---- why, on a simulation ----
play="--events events.ndjson --plugins new"
gives "why" 0 why --rep ana --at 2026-03-02T10:00:20Z $play
says "why: a field of when" out '^  first blocker: when: to is qualify, the rule wants propose$'
says "why: what would have changed it" out '^  It would have gone on if to had been propose\.$'
says "why: if" out '^  first blocker: if: deal\.amount is \$5,000, the rule wants at least 10,000$'
says "why: any" out 'wants one of: to is won \(it is qualify\) or direction is back \(it is forward\)$'
says "why: not" out 'wants not: direction is forward \(it is forward\)$'
says "why: a wait" out '^  first blocker: for: it began to wait: the conditions must hold for 2d$'
lacks "why: another event" out 'on-propose +sent'
gives "why: sent" 0 why --rep ana --at 2026-03-03T10:00:00Z $play --rule on-propose
says "why: sent" out '^2026-03-03T10:00:00Z  on-propose  sent  deal D2$'
lacks "why: sent is not near" out ' near '
gives "why --json" 0 why --rep ana --at 2026-03-02T10:00:00Z $play --rule on-large --json
says "why --json" out '^\{"at":"2026-03-02T10:00:00Z","rep":"ana","rule":"on-large","occurrence":"1","outcome":"near","gates":\[\{"gate":"if","ok":false,"why":"deal\.amount is '
gives "why: all of it" 0 why --rep ana $play
says "why: all of it" out ' on-propose  sent '
cp out first.txt
gives "why again" 0 why --rep ana $play
same "why: twice" out first.txt
gives "why: a schedule" 0 why --rep ana --at 2026-03-03T09:00:00Z $play
says "why: a schedule" out '^2026-03-03T09:00:00Z  on-tuesday  near  schedule$'
says "why: a schedule" out '^  first blocker: if: rep\.team is missing, the rule wants west$'
gives "why: not due" 0 why --rep ana --at 2026-03-03T09:01:00Z $play
lacks "why: not due" out 'on-tuesday'
gives "why: nobody" 1 why --rep zoe $play
says "why: nobody" err "nobody has the id 'zoe'"
gives "why: plugins without events" 2 why --rep ana --plugins new
gives "why: missing events" 1 why --rep ana --events absent --plugins new

# ---- why, on the daemon's store ----
mkdir -p site
cat >site/gritd.yaml <<'YAML'
chat: {platform: local}
people: people.yaml
plugins: [../new]
store: sqlite:gritd.db
listen: 127.0.0.1:0
purpose: coaching in a test
YAML
printf 'people:\n  - {id: ana, zone: America/Denver}\n' >site/people.yaml
config=site/gritd.yaml
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
    skip "on a store: $gritd is not built"
elif ! start_daemon; then
    fail "the daemon did not start: $(tail -3 gritd.log)"
else
    now=$("$gritctl" --config $config status --json | sed 's/.*"now":"\([^"]*\)".*/\1/')
    event now-1 "$now" D1 ana prospect qualify >now.ndjson
    gives "event" 0 event now.ndjson --config $config
    gives "why on the store" 0 why --rep ana --at "$now" --config $config
    says "why on the store: certain" out '^  first blocker: when: to is qualify, the rule wants propose$'
    says "why on the store: by now" out '^  first blocker: if: deal\.amount is \$5,000, the rule wants at least 10,000$'
    says "why on the store: what cannot be known" out 'judged by what is known now'
    gives "why on the store --json" 0 why --rep ana --at "$now" --config $config --json
    says "why on the store --json: certain" out '"rule":"on-propose".*"unsure":false\}$'
    says "why on the store --json: unsure" out '"rule":"on-large".*"unsure":true\}$'
fi

# ---- the large case ----
maven=$shared/cases/data/maven-crm
if [ -d "$maven" ] && ls "$top"/plugins/*.yaml >/dev/null 2>&1; then
    gives "import" 0 import --kind maven-crm "$maven"/sales_pipeline.csv "$maven"/sales_teams.csv
    cp out maven.ndjson
    gives "against, large" 0 simulate --events maven.ndjson --plugins "$top/plugins" --against "$top/plugins/weekly.yaml" --html large.html
    screen "against, large"
    says "against, large: who gets more" out '^who gets more +who gets less$'
    page "against, large" large.html
    [ "$(wc -c <large.html)" -lt 500000 ] && pass || fail "against, large: the page has $(wc -c <large.html) bytes"
    cp out first.txt && cp large.html first.html
    gives "against, large, again" 0 simulate --events maven.ndjson --plugins "$top/plugins" --against "$top/plugins/weekly.yaml" --html large.html
    same "against, large: the screen twice" out first.txt
    same "against, large: the page twice" large.html first.html
else
    skip "maven-crm: $maven is not there"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
