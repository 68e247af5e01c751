#!/usr/bin/env python3
"""year.py FOLDER [REPS [EVENTS]]: writes a year of a sales team into FOLDER: people.yaml and
events.ndjson (CloudEvents, in the order of time).

Each rep has a funnel of deals: calls, mail and meetings about the open ones, halves of gates, moves
through the stages, won or lost in the end; on weekdays within the hours of the rep's zone. The same
arguments give the same bytes."""
import datetime
import json
import random
import sys

ZONES = [("America/Denver", 7), ("America/New_York", 5), ("America/Los_Angeles", 8),
         ("Europe/Berlin", -1)]
STAGES = ["prospect", "qualify", "discover", "propose", "negotiate"]
GATES = {"qualify": ("problem_summary_sent", "problem_confirmed"),
         "discover": ("needs_review_sent", "needs_confirmed"),
         "propose": ("proposal_walked_through", "proposal_answered")}
KINDS = [("call", 45), ("email", 38), ("meeting", 12), ("demo", 5)]
FIRST = datetime.date(2026, 1, 5)
WEEKS = 52
TEAM = 25
PORTFOLIO = 25  # open deals of one rep


class Rep:
    """One funnel: makes the events of a day."""

    def __init__(self, number, dice):
        self.id = f"r{number:04d}"
        self.zone, self.shift_h = ZONES[number // TEAM % len(ZONES)]
        self.dice, self.deals, self.made, self.serial = dice, [], 0, 0

    def event(self, at, kind, data, deal=None):
        self.serial += 1
        number = f"{self.id}-{self.serial}"
        if deal:
            subject = f"deal/{deal['id']}"
        else:
            subject = f"rep/{self.id}"
        body = {"specversion": "1.0", "id": number, "source": "/crm/generic/year",
                "type": "gritd." + kind, "time": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "subject": subject, "repid": self.id, "data": data}
        return at, json.dumps(body, separators=(",", ":"))

    def new_deal(self, at):
        self.made += 1
        deal = {"id": f"D-{self.id}-{self.made}", "stage": 0, "half": None}
        deal["name"] = f"Deal {self.made} of {self.id}"
        self.deals.append(deal)
        return self.event(at, "deal.created", {"deal": {
            "id": deal["id"], "name": deal["name"], "account": f"Account {self.made}",
            "contact": f"Contact {self.made}", "owner": self.id, "currency": "USD",
            "amount": self.dice.randrange(2000, 90000), "stage": {"canonical": "prospect"}}}, deal)

    def touch(self, at, deal):
        kind = self.dice.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
        inbound = self.dice.random() < 0.25
        data = {"kind": kind, "direction": "inbound" if inbound else "outbound",
                "deal": {"id": deal["id"], "stage": {"canonical": STAGES[deal["stage"]]}}}
        if kind == "call":
            data["outcome"] = self.dice.choice(["connected", "no_answer", "voicemail"])
            data["duration_s"] = self.dice.randrange(20, 1800)
        return self.event(at, "activity.logged", data, deal)

    def gate(self, at, deal):
        stage = STAGES[deal["stage"]]
        side = 1 if deal["half"] == stage else 0
        deal["half"] = stage
        return self.event(at, "gate.completed", {
            "gate": GATES[stage][side], "side": ("seller", "customer")[side], "stage": stage,
            "deal": {"id": deal["id"]}}, deal)

    def move(self, at, deal):
        if deal["stage"] == len(STAGES) - 1 or self.dice.random() < 0.15:
            self.deals.remove(deal)
            won = self.dice.random() < 0.3
            return self.event(at, "deal.won" if won else "deal.lost", {
                "deal": {"id": deal["id"], "stage": {"canonical": "won" if won else "lost"}},
                "from": {"canonical": STAGES[deal["stage"]]}}, deal)
        was, deal["stage"] = deal["stage"], deal["stage"] + 1
        return self.event(at, "deal.stage_changed", {
            "from": {"canonical": STAGES[was]}, "to": {"canonical": STAGES[deal["stage"]]},
            "direction": "forward",
            "deal": {"id": deal["id"], "stage": {"canonical": STAGES[deal["stage"]]}}}, deal)

    def amount(self, at, deal):
        return self.event(at, "deal.amount_changed", {
            "to": self.dice.randrange(2000, 90000), "deal": {"id": deal["id"]}}, deal)

    def day(self, date, count):
        """`count` events between 8:30 and 17:30, in order."""
        opens = datetime.datetime(date.year, date.month, date.day) + \
            datetime.timedelta(hours=8.5 + self.shift_h)
        out = []
        for second in sorted(self.dice.sample(range(9 * 3600), count)):
            at = opens + datetime.timedelta(seconds=second)
            lot = self.dice.random()
            if len(self.deals) < PORTFOLIO and (lot < 0.3 or not self.deals):
                out.append(self.new_deal(at))
                continue
            deal = self.dice.choice(self.deals)
            if lot < 0.09:
                out.append(self.move(at, deal))
            elif lot < 0.16 and STAGES[deal["stage"]] in GATES:
                out.append(self.gate(at, deal))
            elif lot < 0.18:
                out.append(self.amount(at, deal))
            else:
                out.append(self.touch(at, deal))
        return out


def write_people(path, reps):
    teams = sorted({number // TEAM for number in range(len(reps))})
    with open(path, "w", encoding="ascii") as file:
        file.write("teams:\n")
        for team in teams:
            file.write(f"  - {{id: t{team}, manager: m{team}}}\n")
        file.write("people:\n")
        for team in teams:
            file.write(f"  - {{id: m{team}, name: Manager {team}, role: manager, "
                       f"zone: {reps[team * TEAM].zone}}}\n")
        for number, rep in enumerate(reps):
            file.write(f"  - {{id: {rep.id}, name: Rep {number}, team: t{number // TEAM}, "
                       f"zone: {rep.zone}}}\n")


def write_events(path, reps, events):
    days = [FIRST + datetime.timedelta(days=7 * week + day)
            for week in range(WEEKS) for day in range(5)]
    turns = len(days) * len(reps)
    with open(path, "w", encoding="ascii") as file:
        done = 0
        for index, date in enumerate(days):
            lines = []
            for number, rep in enumerate(reps):
                turn = index * len(reps) + number + 1
                count = events * turn // turns - done
                done += count
                lines.extend(rep.day(date, count))
            lines.sort()
            file.writelines(line + "\n" for _, line in lines)


def write_year(folder, count=500, events=2000000):
    reps = [Rep(number, random.Random(number)) for number in range(count)]
    write_people(f"{folder}/people.yaml", reps)
    write_events(f"{folder}/events.ndjson", reps, events)


if __name__ == "__main__":
    write_year(sys.argv[1], *map(int, sys.argv[2:4]))
