"""report.py BUILD_FOLDER [CASE...]: gritctl report, status and resume on an experiment that was really played."""

import contextlib
import json
import subprocess
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
TEAM = [f"rep{i:02d}" for i in range(16)]
PEOPLE = ("teams:\n  - {id: west, manager: dana, zone: UTC}\npeople:\n"
          "  - {id: dana, name: Dana Okafor, role: manager, zone: UTC, hours: Mon-Sun 00:00-23:59}\n"
          + "".join(f"  - {{id: {rep}, team: west, zone: UTC, hours: Mon-Sun 00:00-23:59}}\n" for rep in TEAM))
PLUGIN = """\
plugin: words
about: A plugin of a test.
version: 1
area: opportunity
rules:
  - rule: word
    about: a word after a move
    when: deal.stage_changed
    tell: "A word."
    class: alert
    quiet: drop
    outcome: {event: activity.logged, kind: call, within: 2h}
    experiment: {arms: {this: 0.5, nothing: 0.5}}
  - rule: alone
    when: deal.reopened
    tell: "Another."
    class: alert
    quiet: drop
    outcome: {event: activity.logged, kind: call, within: 2h}
  - rule: few
    when: deal.won
    tell: "Well."
    class: alert
    quiet: drop
  - rule: never
    when: goal.set
    tell: "Never."
"""
LIMITS = "limits:\n  late_at_most: 1h\n"


@contextlib.contextmanager
def daemon():
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", limits=LIMITS, people=PEOPLE, plugins={"words.yaml": PLUGIN})
        gritd = Gritd(folder)
        try:
            yield gritd.wait_ready()
            equal(gritd.stop(), 0, "exit code after SIGTERM")
        finally:
            gritd.kill()


def gritctl(gritd, *words, code=0):
    got = subprocess.run([binary("gritctl"), "--config", str(gritd.folder / "gritd.yaml"), *words],
                         capture_output=True, text=True, timeout=WAIT_S)
    equal(got.returncode, code, f"exit code of {words}: {got.stderr}")
    return got


def clock(gritd):
    return parse_utc(gritd.get("/try/where").json["now"])


def move_clock(gritd, to):
    answer = gritd.call("POST", "/try/clock", {"to": utc(to)}, {"Content-Type": "application/json"})
    check(answer.status == 200, lambda: f"the clock was refused: {answer}")


def arms(gritd):
    """Of each occasion: which arm its coin fell on, by deal."""
    lines = [json.loads(row[0]) for row in gritd.store().rows("SELECT line FROM decision")]
    return {line["deal"]: line["arm"] for line in lines if line.get("arm")}


def play(gritd, rounds, with_message, without):
    """Each rep moves a deal; calls follow by turns: every so many of ten."""
    count = {"this": 0, "nothing": 0}
    for number in range(rounds):
        now = clock(gritd)
        deals = {f"D{now:.0f}-{rep}": rep for rep in TEAM}
        gritd.take([moved(deal, rep, "propose", at=now - 1) for deal, rep in deals.items()])
        fell, calls = arms(gritd), []
        move_clock(gritd, now + 60)
        for deal, rep in deals.items():
            if deal not in fell:
                continue  # paused
            arm = fell[deal]
            count[arm] += 1
            # seven and ten have no common factor, so each person gets all kinds of turns
            if (count[arm] * 7 + number) % 10 < (with_message if arm == "this" else without):
                calls.append(logged(deal, rep, at=now + 30))
        gritd.take(calls)
        move_clock(gritd, now + 4 * 3600)


@suite.case
def no_store_is_told():
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", people=PEOPLE, plugins={"words.yaml": PLUGIN})
        got = subprocess.run([binary("gritctl"), "--config", str(folder / "gritd.yaml"), "report"],
                             capture_output=True, text=True, timeout=WAIT_S)
        equal(got.returncode, 1, "exit code")
        check("gritctl report: " in got.stderr, got.stderr)


@suite.case
def inconclusive_is_said_in_words():
    with daemon() as gritd:
        play(gritd, 2, 5, 5)
        text = gritctl(gritd, "report").stdout
        check("word (words): a word after a move\n" in text, text)
        check(" this against nothing: not enough data yet (" in text or
              "not enough data yet (an arm has fewer than 5 people" in text, text)
        check("said nothing: alone, few, never\n" in text, text)


@suite.case
def difference_comes_with_its_interval_and_association_without():
    with daemon() as gritd:
        play(gritd, 8, 7, 3)
        now = clock(gritd)
        gritd.take([event("deal.reopened", rep, f"A-{rep}", at=now - 1) for rep in TEAM])
        gritd.take([event("deal.won", rep, f"W-{rep}", at=now - 1) for rep in TEAM[:4]])
        move_clock(gritd, now + 6 * 3600)
        text = gritctl(gritd, "report").stdout
        check(": it comes more often\n" in text and "95 % interval +" in text, text)
        check("alone (words): A plugin of a test.\n  sent 16 to 16 people\n" in text, text)
        check("what came after it, not because of it" in text, text)
        check("few (words): A plugin of a test.\n  fewer than 5 people: not shown\n" in text, text)
        rows = {row["rule"]: row for row in map(json.loads, gritctl(gritd, "report", "--json").stdout.splitlines())}
        word = rows["word"]["arms"]
        equal([one["arm"] for one in word], ["this", "nothing"], "arms")
        equal(sum(one["occasions"] for one in word), 8 * len(TEAM), "occasions")
        check(0 < word[0]["low"] < word[0]["difference"] < word[0]["high"], word)
        check("sent" not in rows["few"] and rows["few"]["shown"] is False, rows["few"])
        empty = gritctl(gritd, "report", "--to", utc(now - 400 * 86400)).stdout
        check("said nothing: alone, few, never, word\n" in empty, empty)


@suite.case
def harmful_rule_is_named_and_taken_up_again():
    with daemon() as gritd:
        check("rules paused" not in gritctl(gritd, "status").stdout, "nothing is paused yet")
        gritctl(gritd, "resume", "--rule", "word", code=1)
        gritctl(gritd, "resume", "--rule", "wrod", code=1)
        gritctl(gritd, "resume", "--rule", "word", "--rep", "rep01", code=2)
        play(gritd, 8, 1, 8)
        check("rules paused         word\n" in gritctl(gritd, "status").stdout, gritctl(gritd, "status").stdout)
        check("\n  PAUSED since " in gritctl(gritd, "report").stdout, gritctl(gritd, "report").stdout)
        why = gritctl(gritd, "why", "--rep", "rep03", "--rule", "word").stdout
        check("first blocker: paused_rule: the rule has paused itself" in why, why)
        gritd.stop()
        gritd.restart()
        check("rules paused         word\n" in gritctl(gritd, "status").stdout, "it stays so over a restart")
        gritctl(gritd, "resume", "--rule", "word")
        check("rules paused" not in gritctl(gritd, "status").stdout, "taken up again")


suite.run()
