#!/bin/bash
# before, after and missing from the command line: test, simulate, why, explain. Usage: moments.sh BUILD
. "$(dirname "$0")/ctl.sh"
plugin=$top/tests/plugins/moments.yaml

# gives NAME STATUS ARGS...: out and err get what it printed.
gives() {
    local name=$1 want=$2 status=0
    shift 2
    "$gritctl" "$@" >out 2>err || status=$?
    [ "$status" = "$want" ] && pass || { fail "$name: status $status"; cat out err; }
}
says() { grep -qE -- "$3" "$2" && pass || { fail "$1: no '$3'"; cat "$2"; }; }

gives "check" 0 check --strict "$plugin"
gives "test" 0 test "$plugin"
says "test" out '^9 passed, 0 failed$'

cat >people.yaml <<'YAML'
people:
  - {id: ana, zone: America/Denver}
  - {id: ben, zone: America/Denver}
YAML
cat >pipeline.yaml <<'YAML'
stages:
  - {id: discover, name: Discovery}
YAML
cat >gritd.yaml <<YAML
people: people.yaml
pipeline: pipeline.yaml
plugins: [$plugin]
purpose: coaching in a test
YAML
event() { # ID TYPE TIME SUBJECT REP DATA
    printf '{"specversion":"1.0","id":"%s","source":"/t","type":"gritd.%s","time":"%s","subject":"%s","repid":"%s","data":%s}\n' "$@"
}
deal='{"id":"D1","name":"Acme","owner":"ana","stage":{"canonical":"discover"}}'
{
    event 1 deal.created 2026-02-27T16:00:00Z deal/D1 ana "{\"deal\":$deal}"
    event 2 activity.logged 2026-02-27T17:00:00Z activity/A1 ana '{"kind":"email"}'
    event 3 activity.logged 2026-02-27T17:00:00Z activity/A2 ben '{"kind":"email"}'
    event 4 activity.planned 2026-03-02T16:00:00Z activity/M1 ana "{\"kind\":\"meeting\",\"due\":\"2026-03-05T21:00:00Z\",\"deal\":$deal}"
    event 5 activity.planned 2026-03-02T16:05:00Z activity/C1 ana "{\"kind\":\"call\",\"due\":\"2026-03-05T22:00:00Z\",\"deal\":$deal}"
    event 6 activity.logged 2026-03-03T17:12:00Z activity/A3 ana "{\"kind\":\"call\",\"deal\":$deal}"
    event 7 training.completed 2026-03-03T18:00:00Z training/objections ben '{"topic":"objections","area":"skill"}'
} >events.ndjson

play() { # the span of the events and two weeks behind it
    "$gritctl" --config gritd.yaml simulate --events events.ndjson --to 2026-03-20T00:00:00Z --json
}
play >first.out || fail "simulate: status $?"
play >second.out
cmp -s first.out second.out && pass || fail "simulate twice: different"
for wanted in \
    '"at":"2026-03-05T19:00:00Z","rep":"ana","rule":"ahead-of-a-meeting","occurrence":"4","outcome":"sent"' \
    '"at":"2026-03-05T18:00:00Z","rep":"ben","rule":"training-again","occurrence":"7 +2d","outcome":"sent"' \
    '"at":"2026-03-10T17:00:00Z","rep":"ben","rule":"training-again","occurrence":"7 +7d","outcome":"sent"' \
    '"at":"2026-03-04T18:00:00Z","rep":"ben","rule":"no-call-yet"'; do
    grep -qF "$wanted" first.out && pass || fail "simulate: $wanted"
done
grep -q '"rep":"ana","rule":"no-call-yet","occurrence":"2026-03-04' first.out && fail "simulate: ana has called" || pass

why() { "$gritctl" --config gritd.yaml why --rep "$1" --rule "$2" --events events.ndjson --at "$3" 2>&1; }
why ana ahead-of-a-meeting 2026-03-02T16:05:00Z >why.out
says_why() { grep -qF "$2" why.out && pass || { fail "$1"; cat why.out; }; }
says_why "why: another kind" 'kind is call, the rule wants meeting or demo'
why ana ahead-of-a-meeting 2026-03-02T16:00:00Z >why.out
says_why "why: still ahead" 'it is decided 2 hours before it begins, on Thu 5 Mar at 12:00'
why ana no-call-yet 2026-03-04T18:00:00Z >why.out
says_why "why: nothing was missing" 'there was a call on Tue 3 Mar at 10:12, so nothing was missing'

for word in rule.before rule.after rule.missing missing.per; do
    gives "explain $word" 0 explain "$word"
done
gives "explain missing" 0 explain missing
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
