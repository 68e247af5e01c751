#!/usr/bin/env bash
# What the plugins can say, read aloud; where they have no words; and each plugin's tests by itself.
#
# usage: guides.sh [build folder]
# Exit: 0 when all passed; closing line `N passed, N failed, N skipped`.
. "$(dirname "${BASH_SOURCE[0]}")/ctl.sh"

cd "$work" || exit 1
cat >one.yaml <<'YAML'
plugin: one
about: A practice to read aloud.
area: skill
signals:
  calls: {count: activity.logged, kind: call, window: 1w}
questions:
  first: {kind: skill, reader: rep, stage: discover, text: ["What did you hear?", "What
    surprised you?"]}
  spare: {kind: drive, reader: manager, text: What gives you strength?}
  hint: {kind: skill, style: advise, reader: rep, text: Leave them a minute to think.}
flows:
  talk:
    command: talk
    steps:
      - ask: {id: goal, text: "What would be a good week?"}
      - plan: {id: act, text: "When will you begin?"}
    closing: "Good luck, {{rep.first_name}}."
  begun: {steps: [{ask: {id: begin, text: "What comes first?"}}]}
rules:
  - {rule: begins, when: deal.created, start: begun}
  - {rule: asks, when: deal.won, ask: [first, hint]}
  - rule: praises
    when: activity.logged
    praise: "You made {{signal.calls}} calls."
    card: "{{rep.name}} made {{signal.calls}} calls."
  - {rule: tells, when: deal.reopened, to: manager, tell: "{{deal.name}} is open again."}
  - {rule: offers, when: deal.lost, suggest: {text: "Would a page help?", resource: Playbook}}
  - rule: digests
    every: Friday at 16:00
    to: manager
    digest: [{title: Worth a word, each: rep, text: "{{rep.name}}: {{signal.calls}} calls"}]
tests:
  - test: asks once
    at: 2026-03-03 12:00 America/Denver
    people: {ana: {zone: America/Denver}}
    given: [{at: 2026-03-03 10:00, event: deal.won, rep: ana, deal: D1, deal.name: Acme}]
    expect: [{rep: ana, count: 1}]
YAML
cat >two.yaml <<'YAML'
plugin: two
area: skill
rules:
  - {rule: at-noon, every: day at 11:00, tell: "It is eleven."}
YAML

# ---- gritctl texts: every text with its rule, kind, receiver, reader and place ----
lines=$("$gritctl" texts one.yaml --json)
[ "$(printf '%s\n' "$lines" | wc -l)" -eq 13 ] && pass || fail "texts: $(printf '%s\n' "$lines" | wc -l) lines, expected 13"
texts_have() { # NAME PATTERN
    printf '%s\n' "$lines" | grep -Eq -- "$2" && pass || fail "texts: $1"
}
texts_have "a wording on two lines is one" '"rule":"asks".*"name":"first","kind":"question","to":"rep","reader":"rep","area":"skill","about":"skill","file":"one.yaml","line":7,"text":"What surprised you\?"'
texts_have "a hint" '"name":"hint","kind":"advice"'
texts_have "a question nobody asks" '^\{"plugin":"one","name":"spare".*"reader":"manager"'
texts_have "a talk begun by a rule" '"rule":"begins","flow":"begun","name":"begin","kind":"step"'
texts_have "a step" '"flow":"talk","name":"goal","kind":"step"'
texts_have "a closing" '"flow":"talk".*"kind":"closing".*Good luck, \{\{rep.first_name\}\}'
texts_have "praise" '"rule":"praises".*"kind":"praise","to":"rep"'
texts_have "the card" '"rule":"praises".*"kind":"card","to":"manager"'
texts_have "a tell" '"rule":"tells".*"kind":"tell","to":"manager"'
texts_have "an offer" '"rule":"offers".*"kind":"offer","to":"rep"'
texts_have "a line of a digest" '"rule":"digests".*"name":"Worth a word","kind":"digest"'
"$gritctl" texts one.yaml two.yaml >out 2>err && pass || fail "texts: exit"
tail -1 out | grep -qx '14 texts in 2 plugins' && pass || fail "texts: the last line is $(tail -1 out)"
grep -qx '# one: A practice to read aloud.' out && pass || fail "texts: no heading"
grep -Eq '^rule praises \(one.yaml:[0-9]+\)$' out && pass || fail "texts: no rule with its place"
printf 'plugin: broken\nrules: 3\n' >broken.yaml
"$gritctl" texts broken.yaml >out 2>err
[ $? -eq 1 ] && grep -q 'broken.yaml:2' err && pass || fail "texts: a broken file is told"

cat >tongues.yaml <<'YAML'
plugin: tongues
area: skill
rules:
  - {rule: says, when: deal.won, tell: {en: "{{deal.name}} is won.", de: "{{deal.name}} ist gewonnen."}}
YAML
"$gritctl" texts tongues.yaml --json >out 2>err && pass || { fail "texts: languages"; cat err; }
grep -q '"language":"de".*ist gewonnen' out && grep -q '"language":"en"' out && pass || fail "texts: each language"

# B72: holes are listed, and only with --strict they fail
"$gritctl" check --coverage one.yaml >out 2>err
[ $? -eq 0 ] && pass || fail "coverage: exit without --strict"
grep -Eq '^discover +2 +2 +2 +no +no$' out && pass || fail "coverage: the row of discover"
grep -q '^hole: propose, renewal: 0 questions; 4 are wanted \[coverage-questions\]$' out && pass || fail "coverage: a hole"
"$gritctl" check --coverage --strict one.yaml >out 2>err
[ $? -eq 1 ] && grep -q '^error: discover: no praise names a step of it' out && pass || fail "coverage: --strict"
"$gritctl" check --coverage --json one.yaml | grep -q '^{"stage":"propose","new_business":0,"expansion":0,"renewal":0,"customer_gain":false,"praise":false}$' && pass || fail "coverage: --json"
"$gritctl" check one.yaml >out 2>err
grep -q 'hole' out && fail "coverage: told without being asked" || pass

# ---- gritctl test: a plugin's tests by itself, a test file with all ----
"$gritctl" test one.yaml two.yaml >out 2>err && pass || { fail "test: another plugin disturbs"; cat out; }
cat >both.test.yaml <<'YAML'
tests:
  - test: both speak
    at: 2026-03-03 12:00 America/Denver
    people: {ana: {zone: America/Denver}}
    given: [{at: 2026-03-03 09:59, event: activity.logged, rep: ana, kind: note}]
    expect: [{rep: ana, rule: at-noon, count: 1}]
YAML
"$gritctl" test one.yaml two.yaml both.test.yaml >out 2>err && pass || { fail "test: a test file"; cat out; }
tail -1 out | grep -qx '2 passed, 0 failed' && pass || fail "test: $(tail -1 out)"
sed 's/plugin: one/plugin: third/; s/rule: asks/rule: asks3/; s/rule: praises/rule: p3/; s/rule: tells/rule: t3/
     s/rule: offers/rule: o3/; s/rule: digests/rule: d3/; s/rule: begins/rule: b3/; s/command: talk/command: talk3/
     s/expect: .*/expect: [{rep: ana, rule: at-noon, outcome: suppressed, gate: caps}]/' one.yaml >third.yaml
"$gritctl" test third.yaml two.yaml >out 2>err && pass || { fail "test: one that names a rule of another file"; cat out; }
"$gritctl" test third.yaml >out 2>err
[ $? -eq 1 ] && pass || fail "test: a rule that is nowhere"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
