"""page_office.py: an office of three teams under one leader that has really worked with gritd for a quarter, on the
local platform: for the tests of the manager's page. Import after `from lib import *`."""

import contextlib
import datetime
import re
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

TEAMS = {"west": ("dana", 9), "east": ("emil", 7), "north": ("nora", 3)}
REPS = [f"{team}{i}" for team, (_, count) in TEAMS.items() for i in range(count)]
HOURS = "hours: Mon-Sun 00:00-23:59"
WEEK = 7 * 86400

PEOPLE = (
    "teams:\n  - {id: leads, name: Leads, manager: kim, zone: UTC}\n"
    + "".join(f"  - {{id: {team}, name: {team.title()}, manager: {boss}, zone: UTC}}\n"
              for team, (boss, _) in TEAMS.items())
    + "people:\n"
    + f"  - {{id: kim, name: Kim Adler, role: manager, zone: UTC, {HOURS}}}\n"
    + "".join(f"  - {{id: {boss}, name: {boss.title()} Boss, role: manager, team: leads, zone: UTC, {HOURS}}}\n"
              for boss, _ in TEAMS.values())
    + "".join(f"  - {{id: {rep}, name: Canary {rep.title()}, team: {rep.rstrip('0123456789')}, zone: UTC, {HOURS}}}\n"
              for rep in REPS))

PIPELINE = """\
stages:
  - {id: discover, name: Discover}
  - id: propose
    name: Propose
    gates:
      - {seller: proposal_sent, customer: terms_agreed}
"""

PLUGIN = """\
plugin: practice
about: A plugin of a test.
version: 1
area: opportunity
questions:
  step: {kind: skill, reader: rep, answer: text, text: "What has changed for {{deal.name}}?"}
  belief: {kind: belief, reader: rep, answer: text, text: "What makes you sure of {{deal.name}}?"}
  useful: {kind: purpose, topic: coaching_rating, reader: rep, answer: scale 1-5, text: "How useful was the coaching lately?"}
rules:
  - rule: entered
    about: a question when a deal comes to Propose
    when: {event: deal.stage_changed, to: propose}
    ask: step
    reminders: false
    outcome: {event: activity.logged, kind: call, within: 2d}
  - rule: reaction
    when: customer.reaction
    ask: belief
    reminders: false
  - rule: rating
    when: training.completed
    ask: useful
    reminders: false
  - rule: seen
    about: kept calling
    when: {event: activity.logged, kind: demo}
    praise: "You kept calling about {{deal.name}}, and I saw it."
    via: bot
  - rule: word
    about: a word that a coin decides on
    when: {event: activity.logged, kind: meeting}
    tell: "A word about {{deal.name}}."
    class: alert
    outcome: {event: activity.logged, kind: email, within: 2h}
    experiment: {arms: {this: 0.5, nothing: 0.5}}
  - rule: few
    when: deal.reopened
    tell: "Here it is again."
    class: alert
  - rule: monday
    about: a plan on Monday
    every: Monday at 09:00
    ask: plan
    reminders: false
    when_away: drop
"""
PLUGIN = PLUGIN.replace("    when_away: drop\n", "").replace(
    "  useful:", '  plan: {kind: activity, reader: rep, answer: text, text: "What will you do first this week?"}\n  useful:')

LIMITS = ("limits:\n  ramp: off\n  prompts_per_day: 1000\n  prompts_per_family_per_week: 1000\n  open_conversations: 1000\n"
          "  praise_per_day: 1000\n  back_off_after: 1000\n  cool_off: false\n  hours: Mon-Sun 00:00-23:59\n"
          "  late_at_most: 1h\n")


class Chat(WebSocket):
    def __init__(self, gritd, person):
        where = urllib.parse.urlsplit(gritd.get("/try/where").json["socket"])
        super().__init__(where.port, f"{where.path}?as={urllib.parse.quote(person)}", subprotocol="gritd-local")

    def messages(self):
        return self.frames("message")

    def say(self, text):
        self.send({"type": "say", "text": text})

    def click(self, message, button, value=None):
        self.send({"type": "click", "message": message["id"], "button": button, "value": value})


def clock(gritd):
    return parse_utc(gritd.get("/try/where").json["now"])


def move_clock(gritd, to):
    answer = gritd.call("POST", "/try/clock", {"to": utc(to)}, {"Content-Type": "application/json"})
    check(answer.status == 200, lambda: f"the clock was refused: {answer}")


class Office:
    def __init__(self, gritd, public=None):
        self.gritd, self.public, self.chats, self.serial = gritd, public, {}, 0

    def chat(self, person):
        if person not in self.chats:
            self.chats[person] = Chat(self.gritd, person)
        return self.chats[person]

    def now(self):
        return clock(self.gritd)

    def deal(self, rep):
        self.serial += 1
        return f"{rep}-{self.serial}"

    def answer(self, rep, deal, words="CANARYWORDS of mine"):
        """The open question about that deal, answered."""
        chat = self.chat(rep)
        asked = chat.wait_for("the question", lambda one: one["type"] == "message" and f"Deal {deal}" in one["text"]
                              and one.get("input"))
        chat.click(asked, "answer", words)
        chat.wait_for("the answer to be taken", lambda one: one["type"] == "update" and one["id"] == asked["id"])

    def week(self, number, answering):
        """One week of the office: who answers is a function of the rep."""
        now, events, open_ = self.now(), [], []
        for place, rep in enumerate(REPS):
            deal = self.deal(rep)
            events += [created(deal, rep, at=now - 50), moved(deal, rep, "propose", at=now - 40)]
            open_.append((place, rep, deal))
        self.gritd.take(events)
        for place, rep, deal in open_:
            if answering(place, rep):
                self.answer(rep, deal)
        move_clock(self.gritd, now + 60)
        events = []
        for place, rep, deal in open_:
            kinds = ["meeting"] + (["call"] if (place + number) % 3 else [])
            kinds += ["call"] * (2 if place % 4 == 0 and number >= 9 else 0) + (["demo"] if place % 4 == 0 and number == 11 else [])
            events += [logged(deal, rep, kind=kind, at=now + 20) for kind in kinds]
            if (place + number) % 2 == 0:
                events.append(event("gate.completed", rep, deal, gate="proposal_sent", side="seller", stage="propose", at=now + 30))
            if (place + number) % 5 == 0:
                events.append(event("customer.reaction", rep, deal, reaction="replied", at=now + 30))
        self.gritd.take(events)
        move_clock(self.gritd, now + 120)
        events = [logged(deal, rep, kind="email", at=now + 100) for place, rep, deal in open_ if (place * 3 + number) % 4]
        events += [event("deal.won" if (place * 7 + number) % 3 == 0 else "deal.lost", rep, deal, at=now + 110)
                   for place, rep, deal in open_ if (place + number) % 4]
        self.gritd.take(events)
        move_clock(self.gritd, now + WEEK)

    def quarter(self, weeks=13):
        # west answers every week, east from the seventh on, north now and then
        def answering(number):
            return lambda place, rep: (rep.startswith("west") and place % 9 or
                                       rep.startswith("east") and number >= 6 and place % 3 or
                                       rep.startswith("north") and number % 3 == 0)
        for number in range(weeks):
            self.week(number, answering(number))
        now = self.now()
        self.gritd.take([event("deal.reopened", rep, f"{rep}-again", at=now - 1) for rep in REPS[:3]])
        self.gritd.take([{**event("training.completed", rep, topic="listening", at=now - 1), "subject": f"rep/{rep}"}
                         for rep in REPS[:8]])
        for i, rep in enumerate(REPS[:8]):
            asked = self.chat(rep).wait_for("the rating", lambda one: one["type"] == "message" and
                                            "How useful" in one["text"] and one.get("input"))
            self.chat(rep).click(asked, "answer", str(1 + i % 5))
            self.chat(rep).wait_for("the rating to be taken",
                                    lambda one, asked=asked: one["type"] == "update" and one["id"] == asked["id"])

    # --- the page ---

    def link(self, person):
        chat = self.chat(person)
        before = len(chat.messages())
        chat.say("page")
        text = until("an answer to 'page'", lambda: chat.messages()[before:])[0]["text"]
        found = re.search(r"https?://\S+/sign-in\?token=[0-9a-f]{64}", text)
        check(found, lambda: f"no link in {text!r}")
        return found[0]


@contextlib.contextmanager
def office(people=PEOPLE, plugins=None, more="", limits=LIMITS):
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", limits=limits, people=people, pipeline=PIPELINE,
                  plugins=plugins or {"practice.yaml": PLUGIN}, more=more)
        gritd = Gritd(folder)
        try:
            yield Office(gritd.wait_ready())
            check(gritd.running(), lambda: f"gritd ended: {gritd.log()[-1500:]}")
            equal(gritd.stop(), 0, "exit code after SIGTERM")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
                check(word not in gritd.log(), lambda: f"the sanitizer complains: {gritd.log()[-3000:]}")
        finally:
            gritd.kill()
