#!/usr/bin/env python3
"""quarter.py BUILD [SEED] [--weeks N] [--markdown]: a quarter of a made-up sales team, played through every
shipped plugin with `gritctl simulate`, and what must hold of it.

Forty reps, six managers, three time zones. Deals of three kinds come, move, stand still, are won and lost;
halves of gates come in any order; people go on leave, and some join while the quarter runs. The same seed gives
the same events. Checked against the events themselves, not against what gritd believes of them:
  caps      one prompt a working day, three of a practice a week, in working hours, never on leave or before
            somebody's first day, nothing after a loss before the next working morning
  equity    people below the median of the team get their share of the praise (its cards go to managers)
  mix       questions about deals and about skills, and about what goes on inside
  gates     each question about a gate asks for the half that is missing at that minute
Prints a summary; exit 0 when all held, 1 else."""
import argparse
import collections
import datetime as dt
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import zoneinfo

TOP = pathlib.Path(__file__).resolve().parents[2]
FIRST = dt.date(2026, 1, 5)  # a Monday
TEAMS = [("denver", 7), ("boulder", 7), ("lisbon", 7), ("porto", 7), ("penang", 6), ("ipoh", 6)]
ZONES = ["America/Denver", "America/Denver", "Europe/Lisbon", "Europe/Lisbon", "Asia/Singapore", "Asia/Singapore"]
STAGES = ["prospect", "qualify", "discover", "propose", "negotiate"]
GATES = {"prospect": ("reason_to_talk_sent", "first_talk_accepted"),
         "qualify": ("problem_summary_sent", "problem_confirmed"),
         "discover": ("needs_review_sent", "needs_confirmed"),
         "propose": ("proposal_walked_through", "proposal_answered"),
         "negotiate": ("final_terms_sent", "start_date_agreed")}
NEVER_DONE = {"discover": ("decision_path_drafted", "deciders_named")}  # the second gate of config/pipeline.yaml
CAP_DAY, CAP_FAMILY_WEEK, CAP_CARDS, MORNING, EVENING = 1, 3, 5, dt.time(8, 30), dt.time(18, 0)
MIX = re.compile(r"^mix:\n(?: +.*\n)+", re.M)  # that of the example configuration
SHARE_BELOW_MEDIAN, SHARE_INSIDE = 0.35, 0.15
SHARE_AREA = {"opportunity": 0.45, "skill": 0.30}


class Rep:
    def __init__(self, number, team, zone, dice):
        self.id, self.team, self.dice = f"r{number:02d}", team, dice
        self.zone = zoneinfo.ZoneInfo(zone)
        self.volume = dice.uniform(0.5, 1.6)  # how much somebody does in a day
        self.luck = dice.uniform(0.15, 0.45)  # which part of the deals is won
        self.joined, self.leave = None, set()
        self.deals, self.made, self.amount_won = [], 0, 0

    def works(self, day):
        return day.weekday() < 5 and day not in self.leave and (not self.joined or day >= self.joined)


class Quarter:
    """Makes the events, and remembers what is true."""

    def __init__(self, seed, weeks):
        self.dice, self.weeks = random.Random(seed), weeks
        self.events, self.serial = [], 0
        self.halves = collections.defaultdict(dict)  # deal -> gate -> time
        self.stage_of = {}                           # event -> the stage whose gate it is about
        self.losses = collections.defaultdict(list)  # rep -> [time]
        self.reps, number = [], 0
        for (team, size), zone in zip(TEAMS, ZONES):
            for _ in range(size):
                number += 1
                self.reps.append(Rep(number, team, zone, self.dice))
        for rep in self.dice.sample(self.reps, 5):
            rep.joined = FIRST + dt.timedelta(weeks=self.dice.randrange(1, max(2, weeks - 2)))
        for rep in self.dice.sample([r for r in self.reps if not r.joined], 14):
            start = FIRST + dt.timedelta(weeks=self.dice.randrange(1, weeks), days=self.dice.randrange(3))
            rep.leave = {start + dt.timedelta(days=i) for i in range(self.dice.choice([3, 5, 8]))}
        for week in range(weeks):
            for weekday in range(5):
                day = FIRST + dt.timedelta(weeks=week, days=weekday)
                for rep in self.reps:
                    if rep.works(day):
                        self.day(rep, day)
        self.events.sort(key=lambda pair: pair[0])

    def add(self, rep, at, kind, data, deal=None, subject=None):
        self.serial += 1
        if kind == "gate.completed":
            self.stage_of[f"q{self.serial}"] = data["stage"]
        elif kind == "deal.stage_changed":
            self.stage_of[f"q{self.serial}"] = data["from"]["canonical"]
        stamp = at.astimezone(dt.timezone.utc)
        self.events.append((stamp, json.dumps({
            "specversion": "1.0", "id": f"q{self.serial}", "source": "/crm/generic/quarter", "type": "gritd." + kind,
            "time": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "subject": subject or (f"deal/{deal['id']}" if deal else f"rep/{rep.id}"), "repid": rep.id, "data": data})))

    def day(self, rep, day):
        dice = self.dice
        minutes = sorted(dice.sample(range(8 * 60 + 35, 17 * 60 + 50), 10))
        times = [dt.datetime.combine(day, dt.time(m // 60, m % 60), rep.zone) for m in minutes]
        while len(rep.deals) < 6:
            self.create(rep, times[0])
        for at in times[1:8]:
            if dice.random() < rep.volume * 0.6:
                self.touch(rep, at, dice.choice(rep.deals))
        if dice.random() < 0.45:
            self.half(rep, times[8], dice.choice(rep.deals))
        if dice.random() < 0.34:
            self.move(rep, times[9], dice.choice(rep.deals))
        if dice.random() < 0.02:
            self.add(rep, times[9], "training.completed", {"topic": "open questions", "area": "skill"},
                     subject="training/open-questions")

    def create(self, rep, at):
        rep.made += 1
        name = f"{rep.id} deal {rep.made}" + self.dice.choice(["", "", " renewal", " upgrade"])
        deal = {"id": f"{rep.id}-{rep.made}", "name": name, "stage": "prospect"}
        rep.deals.append(deal)
        deal["amount"] = self.dice.randrange(3000, 90000)
        self.add(rep, at, "deal.created", {"deal": {
            "id": deal["id"], "name": name, "account": f"Account {rep.made}", "contact": f"Contact {rep.made}",
            "owner": rep.id, "currency": "USD", "amount": deal["amount"], "stage": {"canonical": "prospect"}}}, deal)

    def of(self, deal):
        return {"id": deal["id"], "stage": {"canonical": deal["stage"]}}

    def touch(self, rep, at, deal):
        kind = self.dice.choices(["call", "email", "meeting", "demo"], [45, 40, 10, 5])[0]
        data = {"kind": kind, "deal": self.of(deal),
                "direction": self.dice.choices(["outbound", "inbound"], [80, 20])[0]}
        if kind == "call":
            data["outcome"] = self.dice.choices(["connected", "no_answer", "voicemail"], [50, 30, 20])[0]
        if self.dice.random() < 0.08:
            due = at + dt.timedelta(hours=self.dice.choice([5, 23, 30]))
            self.add(rep, at, "activity.planned", {"kind": "meeting", "deal": self.of(deal), "due": due.astimezone(
                dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")}, deal, f"activity/{rep.id}-{self.serial}")
        self.add(rep, at, "activity.logged", data, deal)

    def half(self, rep, at, deal):
        gates, done = GATES[deal["stage"]], self.halves[deal["id"]]
        open_sides = [side for side in (0, 1) if gates[side] not in done]
        if not open_sides:
            return
        side = self.dice.choices(open_sides, [3 if s == 0 else 2 for s in open_sides])[0]
        done[gates[side]] = at
        self.add(rep, at, "gate.completed", {"gate": gates[side], "side": ("seller", "customer")[side],
                                             "stage": deal["stage"], "deal": {"id": deal["id"]}}, deal)

    def move(self, rep, at, deal):
        left = deal["stage"]
        if left == "negotiate" or self.dice.random() < 0.18:
            return self.end(rep, at, deal)
        deal["stage"] = STAGES[STAGES.index(left) + 1]
        self.add(rep, at, "deal.stage_changed", {"from": {"canonical": left}, "to": {"canonical": deal["stage"]},
                                                 "direction": "forward", "deal": self.of(deal)}, deal)

    def end(self, rep, at, deal):
        rep.deals.remove(deal)
        won = deal["stage"] == "negotiate" and self.dice.random() < rep.luck * 2
        if won:
            rep.amount_won += deal["amount"]
        else:
            self.losses[rep.id].append(at)
        reason = self.dice.choice(["price", "no budget", "another supplier", "Disqualified: no problem worth solving"])
        data = {"from": {"canonical": deal["stage"]},
                "deal": {"id": deal["id"], "stage": {"canonical": "won" if won else "lost"}}}
        if not won:
            data["reason"] = reason
        self.add(rep, at, "deal.won" if won else "deal.lost", data, deal)

    def write(self, folder):
        people = ["teams:"]
        for (team, _), zone in zip(TEAMS, ZONES):
            people.append(f"  - {{id: {team}, manager: m-{team}, zone: {zone}}}")
        people.append("people:")
        for (team, _), zone in zip(TEAMS, ZONES):
            people.append(f"  - {{id: m-{team}, role: manager, zone: {zone}}}")
        for rep in self.reps:
            more = f", joined: {rep.joined or '2020-02-03'}"
            if rep.leave:
                more += f", leave: [{min(rep.leave)} to {max(rep.leave)}]"
            people.append(f"  - {{id: {rep.id}, name: Rep {rep.id}, team: {rep.team}{more}}}")
        (folder / "people.yaml").write_text("\n".join(people) + "\n")
        (folder / "events.ndjson").write_text("".join(line + "\n" for _, line in self.events))
        (folder / "gritd.yaml").write_text(
            f"people: people.yaml\npipeline: {TOP}/config/pipeline.yaml\nplugins: [{TOP}/plugins]\nseed: 7\n"
            "purpose: coaching in a simulated quarter\n"
            "organisation: {purpose: people wait less for help}\n"
            + MIX.search((TOP / "config/gritd.yaml").read_text(encoding="utf-8")).group())


def run(gritctl, *words):
    result = subprocess.run([gritctl, *words], capture_output=True, text=True, timeout=600, check=False)
    if result.returncode:
        sys.exit(f"gritctl {' '.join(words[:3])}: exit {result.returncode}\n{result.stderr[-2000:]}")
    return [json.loads(line) for line in result.stdout.splitlines()]


def next_morning(rep, at):
    """Half past eight on the rep's next working day."""
    day = at.date() + dt.timedelta(days=1)
    while not rep.works(day):
        day += dt.timedelta(days=1)
    return dt.datetime.combine(day, MORNING, rep.zone)


class Played:
    """What was sent, with what the rules say of themselves."""

    def __init__(self, quarter, texts, decisions):
        self.quarter, self.wrong = quarter, []
        self.rules = collections.defaultdict(list)
        for text in texts:
            if text.get("rule"):
                self.rules[text["rule"]].append(text)
        self.reps = {rep.id: rep for rep in quarter.reps}
        self.sent = [d for d in decisions if d["outcome"] == "sent" and d["rule"] in self.rules]
        for d in self.sent:
            d["time"] = dt.datetime.fromisoformat((d.get("send_at") or d["at"]).replace("Z", "+00:00"))
        self.prompts = [d for d in self.sent if d["rep"] in self.reps and self.to_rep(d["rule"])]
        self.cards = [d for d in self.sent if d["rep"] in self.reps and self.is_card(d["rule"])]
        self.held = collections.Counter(self.refusal(d) for d in decisions if d["outcome"] == "suppressed")

    @staticmethod
    def refusal(decision):
        return next((g["gate"] for g in decision["gates"] if not g["ok"]), "?")

    def to_rep(self, rule):
        first = self.rules[rule][0]
        return first["to"] == "rep" and first["kind"] not in ("praise", "card")

    def is_card(self, rule):
        return any(text["kind"] == "card" for text in self.rules[rule])

    def check(self, good, what):
        if not good:
            self.wrong.append(what)

    # --- caps ---

    def check_caps(self):
        days, weeks = collections.Counter(), collections.Counter()
        for d in self.prompts:
            rep = self.reps[d["rep"]]
            local = d["time"].astimezone(rep.zone)
            where = f"{d['rule']} to {rep.id} at {local:%a %Y-%m-%d %H:%M}"
            days[rep.id, local.date()] += 1
            weeks[rep.id, self.rules[d["rule"]][0]["plugin"], local.date().isocalendar()[:2]] += 1
            self.check(MORNING <= local.time() < EVENING and local.weekday() < 5, f"outside working hours: {where}")
            self.check(local.date() not in rep.leave, f"on leave: {where}")
            self.check(not rep.joined or local.date() >= rep.joined, f"before the first day: {where}")
            for lost in self.quarter.losses[rep.id]:
                self.check(not lost < d["time"] < next_morning(rep, lost), f"in the cool-off: {where}")
        cards = collections.Counter()
        for d in self.cards:
            rep = self.reps[d["rep"]]
            cards[rep.team, d["time"].astimezone(rep.zone).date()] += 1
        for (team, day), count in cards.items():
            self.check(count <= CAP_CARDS, f"{count} cards for the manager of {team} on {day}")
        for (rep, day), count in days.items():
            self.check(count <= CAP_DAY, f"{count} prompts for {rep} on {day}")
        for (rep, plugin, week), count in weeks.items():
            self.check(count <= CAP_FAMILY_WEEK, f"{count} of {plugin} for {rep} in week {week}")
        return max(days.values(), default=0), max(weeks.values(), default=0)

    # --- equity ---

    def check_equity(self):
        """Those who sold less than the median: their share of the cards."""
        order = sorted(self.quarter.reps, key=lambda rep: (rep.amount_won, rep.id))
        below = {rep.id for rep in order[:len(order) // 2]}
        count = sum(1 for d in self.cards if d["rep"] in below)
        share = count / max(1, len(self.cards))
        self.check(len(self.cards) >= 20, f"only {len(self.cards)} cards")
        self.check(share >= SHARE_BELOW_MEDIAN, f"those below the median get {share:.0%} of the praise")
        return share, len({d["rep"] for d in self.cards})

    # --- mix ---

    def check_mix(self):
        areas, inside, asked = collections.Counter(), 0, 0
        for d in self.prompts:
            texts = self.rules[d["rule"]]
            areas[texts[0]["area"]] += 1
            if texts[0]["kind"] != "question":
                continue
            asked += 1
            inside += texts[int(d.get("variant") or 0) % len(texts)]["about"] in ("belief", "drive")
        for area in ("skill", "opportunity"):
            share = areas[area] / max(1, len(self.prompts))
            self.check(share >= SHARE_AREA[area], f"only {share:.0%} of the prompts are about {area}")
        self.check(inside / max(1, asked) >= SHARE_INSIDE, f"only {inside}/{asked} questions are about the inside")
        return areas, inside / max(1, asked)

    # --- gates ---

    def check_gates(self):
        """The gate of the event behind each question: which halves were done when it was sent."""
        wanted = {"our-half-alone": (True, False), "moved-without-customer": (True, False),
                  "their-half-alone": (False, True), "moved-without-seller": (False, True),
                  "moved-without-either": (False, False)}
        counts = collections.Counter()
        for d in self.prompts:
            if d["rule"] not in wanted:
                continue
            counts[d["rule"]] += 1
            stage = self.quarter.stage_of[d["occurrence"].split()[0]]
            done = {gate for gate, at in self.quarter.halves[d["deal"]].items() if at <= d["time"]}
            state = tuple(gate in done for gate in GATES[stage])
            if state == (True, True) and stage in NEVER_DONE:
                state = (False, False)  # then it is about the stage's second gate
            self.check(state == wanted[d["rule"]],
                       f"{d['rule']} for {d['deal']} at {d['time']}: the halves were {state}")
        self.check(sum(counts.values()) >= 20, f"only {sum(counts.values())} questions about gates")
        return counts


INTRO = """# A quarter, simulated

Forty reps, six managers, three time zones and thirteen weeks, made up by a seeded script and played through every
shipped plugin with the limits of the product and the mix of config/gritd.yaml, everybody answering after an hour. The
script checks the outcome against the events it made, and it is part of the tests:

    python3 tests/quarter/quarter.py build

What must hold: the caps for one person (one prompt a working day, three of a practice a week, five cards a day for a
manager), working hours, leave and first days, quiet after a loss until the next working morning; that people who sold
less than the median get their share of the praise; that at least 45 % of the prompts are about a deal, 30 % about a
skill, and 15 % of the questions about what goes on inside; and that each question about a gate asks for the half that
was missing at that minute. Another seed is another team: `python3 tests/quarter/quarter.py build 7`.

Half of the prompts are about a deal because the mix asks for it. Without one a third was: a weekly practice is due on its
day for everybody, and a deal asks only when it moves, so the practices took the one prompt of the day. Now a practice
leaves its day to a deal where that share is behind and a question about one found no room lately; it costs one prompt in ten,
which is left out rather than made up.

This page is what the script prints with `--markdown` (seed 40):

"""


def percent(part, whole):
    return f"{100 * part / max(1, whole):.0f} %"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("build")
    options.add_argument("seed", nargs="?", type=int, default=40)
    options.add_argument("--weeks", type=int, default=13)
    options.add_argument("--markdown", action="store_true", help="docs/quarter.md, as it stands now")
    options = options.parse_args()
    gritctl = str(pathlib.Path(options.build).resolve() / "gritctl")
    quarter = Quarter(options.seed, options.weeks)
    with tempfile.TemporaryDirectory(prefix="quarter-") as name:
        folder = pathlib.Path(name)
        quarter.write(folder)
        config = ["--config", str(folder / "gritd.yaml")]
        texts = run(gritctl, *config, "texts", "--json")
        decisions = run(gritctl, *config, "simulate", "--events", str(folder / "events.ndjson"), "--json")
    played = Played(quarter, texts, decisions)
    most_day, most_week = played.check_caps()
    share, praised = played.check_equity()
    areas, inside = played.check_mix()
    gates = played.check_gates()
    rules = collections.Counter(d["rule"] for d in played.prompts + played.cards)
    away = sum(1 for rep in quarter.reps if rep.leave)
    new = sum(1 for rep in quarter.reps if rep.joined)
    losses = sum(len(times) for times in quarter.losses.values())
    rows = [
        ("people", f"{len(quarter.reps)} reps and {len(TEAMS)} managers in {len(set(ZONES))} time zones; "
                   f"{away} with leave, {new} who joined meanwhile"),
        ("events", f"{len(quarter.events)} in {options.weeks} weeks, {losses} lost deals among them"),
        ("prompts to reps", f"{len(played.prompts)}: {len(played.prompts) / len(quarter.reps) / options.weeks:.1f} "
                            "a person and week"),
        ("most on one day", f"{most_day} (allowed {CAP_DAY}); of one practice in a week {most_week} "
                            f"(allowed {CAP_FAMILY_WEEK})"),
        ("evidence cards", f"{len(played.cards)} about {praised} of {len(quarter.reps)} people; "
                           f"{share:.0%} about those who sold less than the median"),
        ("area", f"{percent(areas['opportunity'], len(played.prompts))} about a deal, "
                 f"{percent(areas['skill'], len(played.prompts))} about a skill"),
        ("what goes on inside", f"{inside:.0%} of the questions (belief or drive)"),
        ("gates", f"{sum(gates.values())} questions, each for a half that was missing at that minute"),
        ("held back by", ", ".join(f"{gate} {count}" for gate, count in sorted(
            played.held.items(), key=lambda pair: (-pair[1], pair[0]))[:6])),
    ]
    if options.markdown:
        print(INTRO + "| what | in this quarter |\n|---|---|")
        for what, words in rows:
            print(f"| {what} | {words} |")
        print("\n| rule | messages |\n|---|---|")
        for rule, count in sorted(rules.items(), key=lambda pair: (-pair[1], pair[0])):
            print(f"| `{rule}` | {count} |")
    else:
        for what, words in rows:
            print(f"{what:20} {words}")
    for line in played.wrong[:20]:
        print(f"FAILED {line}")
    print(f"\n{len(played.wrong)} of the checks failed" if played.wrong else "\nall checks held")
    return 1 if played.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
