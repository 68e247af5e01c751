#!/usr/bin/env python3
"""plugins.py FOLDER [COUNT [SOURCE]]: writes that many plugins (1,000) into FOLDER, each a whole
practice of about 2 KB: inputs, a signal, two questions, three rules, a test; every name and wording
its own. With SOURCE copies of the plugins there instead."""
import os
import re
import sys

PLUGIN = """\
plugin: practice-{n}
about: Asks about step {n} of the work, and thanks for it.
version: 1
area: opportunity
inputs:
  patience: {{type: duration, default: 2d, about: How long our half may stand alone}}
signals:
  calls: {{count: activity.logged, kind: call, direction: outbound, window: 7d}}
questions:
  words-{n}:
    kind: activity
    text:
      - "{{{{deal.name}}}}: what has {{{{deal.contact|your contact}}}} said about point {n}, in their own words?"
      - "Which part of point {n} would {{{{deal.account|the customer}}}} like to see next?"
    answer: text
    reader: rep
  step-{n}:
    kind: skill
    text: "What is the first act you will try for {{{{deal.name}}}} with idea {n}?"
    answer: text
    reader: rep
rules:
  - rule: half-{n}
    about: our half of gate {n} stands alone
    when: gate.completed
    if: {{side: seller, gate.customer: missing, deal.amount: {{at_least: {n}}}}}
    for: $patience
    unless: [gate.completed, deal.lost]
    ask: words-{n}
    limit: 1 per deal
    quiet: hold
    outcome: {{event: gate.completed, side: customer, within: 3d}}
  - rule: moved-{n}
    about: a deal moved on
    when: {{event: deal.stage_changed, to: propose}}
    ask: [step-{n}, words-{n}]
    pick: rotate
    cooldown: 7d
    inhibit: half-{n}
  - rule: seen-{n}
    about: kept calling
    when: {{event: activity.logged, kind: call, direction: outbound, automated: false}}
    if: {{signal.calls: {{at_least: {n}}}}}
    praise: "You made {{{{signal.calls}}}} calls this week and stayed with idea {n}. Thank you for the work."
    card: "{{{{rep.name}}}} made {{{{signal.calls}}}} calls this week."
    limit: 1 per week
tests:
  - test: asks for the customer's half
    at: 2026-03-04 10:00 UTC
    people: {{ana: {{zone: UTC}}}}
    given:
      - {{at: 2026-03-02 10:00, event: gate.completed, rep: ana, deal: D1, side: seller, deal.amount: 20000}}
    expect:
      - {{at: 2026-03-04 10:00, rep: ana, rule: half-{n}}}
"""


def write_plugins(folder, count=1000):
    for n in range(count):
        with open(os.path.join(folder, f"practice-{n:04d}.yaml"), "w", encoding="ascii") as file:
            file.write(PLUGIN.format(n=n))


def write_copies(folder, count, source):
    """`count` copies of the plugins in `source` in turn, each under names of its own."""
    texts = []
    for name in sorted(os.listdir(source)):
        with open(os.path.join(source, name), encoding="utf-8") as file:
            text = file.read()
        own = re.findall(r"^(?:plugin:|  - rule:|    command:) ([\w-]+)", text, re.M)
        names = "|".join(map(re.escape, own))
        texts.append(re.sub(rf"(?:(?<=answer\.)|(?<!kind: )(?<![\w.-]))(?<!\n    )({names})(?![\w.-])", r"\1-@", text))
    for n in range(count):
        with open(os.path.join(folder, f"copy-{n}.yaml"), "w", encoding="utf-8") as file:
            file.write(texts[n % len(texts)].replace("-@", f"-{n}"))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        write_copies(sys.argv[1], int(sys.argv[2]), sys.argv[3])
    else:
        write_plugins(sys.argv[1], *map(int, sys.argv[2:3]))
