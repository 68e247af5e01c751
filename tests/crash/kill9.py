"""kill9.py BUILD_FOLDER [ROUNDS] [--platform slack|mattermost] [--seconds S] [--seed N]: kill -9 under load;
nothing lost, nothing twice.

A CRM posts events and repeats whatever did not get its 202; people answer through the fake platform; the
fake stores and then hangs up, answers 500 or hangs, now and then. Meanwhile the daemon is killed ROUNDS
times (default 100) at random moments and started again on the same store. In the end all of it is judged.
"""

import argparse
import collections
import random
import re
import sys
import threading
import time

sys.dont_write_bytecode = True
from sites import *  # noqa: E402,F403 - the platforms, and the test library

REPS = 24
DEALS_PER_S = 14
SIGN_INS = 40  # of the 60 that are allowed in a short time
FINAL = ("sent", "dead", "expired", "cancelled")
HELP = "I ask one question at a time"
# FM-B03
FAULTS = [None, None, None,
          ("fail_after_store", "close"), ("fail_after_store", 500), ("fail_after_store", "hang"),
          ("fail_after_store", "cut"), ("fail_before_store", 500), ("fail_before_store", "close"),
          ("fail_before_store", 429)]


class Crm(threading.Thread):
    """Two events a deal: it is made, and it comes to Propose. Each is posted until it got its 202."""

    def __init__(self, port, seed):
        super().__init__(daemon=True)
        self.port, self.random = port, random.Random(seed)
        self.accepted, self.ids, self.tries, self.repeats = [], [], 0, 0
        self.stop_now = threading.Event()

    def post(self, body, headers):
        while True:
            self.tries += 1
            try:
                answer = http_call(self.port, "POST", "/v1/events", body, headers, timeout=10)
                if answer.status == 202:
                    self.repeats += answer.json["repeated"]
                    return
                check(answer.status in (429, 503), f"an event was answered {answer}")
            except OSError:
                time.sleep(0.005)

    def run(self):
        number, begun = 0, time.monotonic()
        while not self.stop_now.is_set():
            number += 1
            deal, rep = f"D{number}", f"p{1 + number % REPS}"
            pair = [created(deal, rep, f"Deal {deal}", id=f"{deal}-made"),
                    moved(deal, rep, "propose", id=f"{deal}-moved")]
            if self.random.random() < 0.3:
                self.post(pair, BATCH)
            else:
                for one in pair:
                    self.post(one, CLOUDEVENT)
            if self.random.random() < 0.1:
                self.post(pair[1], CLOUDEVENT)  # a sender that does not trust its 202
            self.accepted.append(deal)
            self.ids += [one["id"] for one in pair]
            self.stop_now.wait(max(0, begun + number / DEALS_PER_S - time.monotonic()))


class People(threading.Thread):
    """Answer some questions through the form, skip some, and ask for help."""

    def __init__(self, site, seed):
        super().__init__(daemon=True)
        self.site, self.fake, self.random = site, site.fake, random.Random(seed)
        self.answers, self.skips = {}, []  # key -> words; only what was acknowledged
        self.helps = collections.Counter()
        self.stop_now = threading.Event()

    def answer(self, user, message):
        key = self.site.key_of(message)
        words = f"words {key} {self.random.randrange(1000)}"
        if self.site.answer(user, message, words):
            self.answers[key] = words

    def turn(self):
        user = self.site.user(1 + self.random.randrange(REPS))
        if self.random.random() < 0.2:
            if self.fake.try_act("say", user, text="help").get("ok"):
                self.helps[user] += 1
            return
        open_ones = [one for one in self.fake.from_bot(user) if "answer" in self.site.buttons_of(one)]
        if not open_ones:
            return
        message = self.random.choice(open_ones)
        if self.random.random() < 0.2:
            if self.site.press(user, message, "skip"):
                self.skips.append(self.site.key_of(message))
        else:
            self.answer(user, message)

    def run(self):
        while not self.stop_now.is_set():
            self.turn()
            self.stop_now.wait(0.15)


class Torture:
    def __init__(self, folder, seed, rounds, seconds, platform):
        self.folder, self.rounds, self.seconds = folder, rounds, seconds
        self.random = random.Random(seed)
        self.port = free_port()
        self.site = site_of(platform)(folder, self.port, REPS)
        self.fake, self.env = self.site.fake, self.site.env
        people = "people:\n" + "".join(f"  - {{id: p{i}, name: Person {i}, chat: {self.site.user(i)}, zone: UTC}}\n"
                                       for i in range(1, REPS + 1))
        configure(folder, self.site.chat, people=people, listen=f"127.0.0.1:{self.port}")
        self.crm, self.people = Crm(self.port, seed + 1), People(self.site, seed + 2)
        self.kills, self.early = 0, 0

    def fault(self):
        self.fake.set(fail_after_store=None, fail_before_store=None, hold_ms=False)
        one = self.random.choice(FAULTS)
        if one:
            rule = {"method": self.site.POST, "status": one[1], "count": self.random.randint(1, 3)}
            if one[1] == 429:
                rule["retry_after"] = self.site.RETRY_AFTER
            self.fake.set(**{one[0]: rule})
        self.fake.set(hold_ms={"method": self.site.POST, "ms": self.random.randint(1, 60),
                               "store": self.random.choice(["before", "after"])})

    def one_round(self):
        self.fault()
        gritd = Gritd(self.folder, env=self.env)
        if self.random.random() < 0.25:
            self.early += 1
            time.sleep(self.random.uniform(0, 0.08))  # in the middle of starting
        else:
            until("gritd to be ready", lambda: "chat: connected" in gritd.log() or not gritd.running(), 30)
            time.sleep(self.random.uniform(0, 1.6))  # the random moment itself
        check(gritd.running(), lambda: f"gritd ended by itself with {gritd.process.returncode}: "
                                       f"{gritd.log()[-800:]}")
        gritd.kill()
        self.kills += 1
        if self.kills % SIGN_INS == 0:
            gritd.forget_sign_ins()

    def run_rounds(self):
        begun = time.monotonic()
        self.crm.start()
        self.people.start()
        while self.kills < self.rounds and not (self.seconds and time.monotonic() - begun > self.seconds):
            self.one_round()

    def drain(self):
        self.fake.set(fail_after_store=None, fail_before_store=None, hold_ms=False)
        self.gritd = Gritd(self.folder, env=self.env).wait_ready()
        self.crm.stop_now.set()
        self.people.stop_now.set()
        self.crm.join(WAIT_S)
        self.people.join(WAIT_S)
        check(not self.crm.is_alive() and not self.people.is_alive(), "the load does not end")
        until("what people did to arrive", lambda: not self.site.waits(), 30)
        until("a reply to each word", lambda: sum(self.helped().values()) >= sum(self.people.helps.values()),
              60 + 3 * self.kills, 0.1)
        self.store = self.gritd.store()
        # each kill left some messages unsure, and of look-ups a platform allows so many a minute
        until("the outbox to be empty", self.settled, 90 + 3 * self.kills, 0.1)
        self.messages = [one for one in self.fake.messages() if self.site.key_of(one)]

    def helped(self):
        """Replies to those who asked for help, by person."""
        return collections.Counter(self.site.user_of(one) for one in self.fake.from_bot()
                                   if one[self.site.TEXT].startswith(HELP))

    def settled(self):
        """Nothing on its way, and the store knows it."""
        now = self.gritd.metrics()
        return (now["gritd_outbox_messages"] == 0 and now["gritd_store_rows_queued"] == 0
                and not [one for one in self.store.outbox() if one["state"] not in FINAL])

    def close(self):
        for one in (getattr(self, "gritd", None), self.fake):
            if one:
                one.kill()


def judge(suite, t):
    """Each case is one sentence of the promise."""
    decisions, outbox = t.store.decisions(), t.store.outbox()
    per_deal = collections.defaultdict(list)
    for one in t.messages:
        found = re.match(r"What has changed for Deal (D\d+),", one[t.site.TEXT])
        if found:
            per_deal[found[1]].append(one)

    # FM-F04 FM-F09
    def every_event_with_its_202_is_in_the_journal_once():
        ids = collections.Counter(one["id"] for one in t.store.journal() if one.get("source") == "/crm/generic/test")
        lost = [one for one in t.crm.ids if not ids[one]]
        equal(lost, [], "lost")
        equal([one for one, count in ids.items() if count > 1], [], "twice")

    def every_event_with_its_202_led_to_its_decision():
        sent = collections.Counter(one["deal"] for one in decisions if one["rule"] == "entered"
                                   and one["outcome"] == "sent")
        equal([one for one in t.crm.accepted if not sent[one]], [], "without a decision")
        equal([one for one, count in sent.items() if count > 1], [], "decided twice")

    def every_decision_is_visible_exactly_once():
        equal([one for one in t.crm.accepted if not per_deal[one]], [], "missing")
        equal([one for one, found in per_deal.items() if len(found) > 1], [], "shown twice")

    def no_key_is_stored_twice():
        equal(t.fake.stats()["duplicates"], [], "duplicates")

    def the_outbox_agrees_with_the_fake():
        equal([one for one in outbox if one["state"] not in ("sent",)], [], "rows that did not end as sent")
        places = {t.site.key_of(one): one[t.site.PLACE] for one in t.messages}
        equal(sorted(set(places) - {one["key"] for one in outbox}), [], "messages nobody decided")
        wrong = [one["key"] for one in outbox if one["key"] in places and places[one["key"]] != one["id"]]
        equal(wrong, [], "rows with a wrong place")

    def every_acknowledged_answer_is_stored_and_shown():
        prompts, shown = t.store.prompts(), {t.site.key_of(one): one[t.site.TEXT] for one in t.messages}
        lost = [key for key in t.people.answers if not prompts[key].get("answer")]
        equal(lost, [], "answers lost")
        equal([key for key in t.people.answers if "Your answer: " not in shown[key]], [], "answers not shown")
        kept = [key for key in t.people.skips if prompts[key]["state"] == 0]
        equal(kept, [], "skips lost")

    def every_word_got_one_reply():
        got = t.helped()
        wrong = {user: (got[user], t.people.helps[user]) for user in set(got) | set(t.people.helps)
                 if got[user] != t.people.helps[user]}
        equal(wrong, {}, "replies and questions differ")

    def the_store_is_whole():
        equal(t.store.rows("PRAGMA integrity_check"), [("ok",)], "integrity_check")

    def it_stops_cleanly():
        equal(t.gritd.stop(), 0, "exit code")
        for word in ("AddressSanitizer", "runtime error"):
            check(word not in t.gritd.log(whole=True), f"the sanitizer complains, see the log: {word}")

    for run in (every_event_with_its_202_is_in_the_journal_once, every_event_with_its_202_led_to_its_decision,
                every_decision_is_visible_exactly_once, no_key_is_stored_twice, the_outbox_agrees_with_the_fake,
                every_acknowledged_answer_is_stored_and_shown, every_word_got_one_reply, the_store_is_whole,
                it_stops_cleanly):
        suite.one(run.__name__.replace("_", "-"), run)


def figures(t, begun):
    stats, requests = t.fake.stats(), t.site.requests()
    rows = [("kills", t.kills), ("of these while starting", t.early), ("deals accepted", len(t.crm.accepted)),
            ("event requests", t.crm.tries), ("events repeated and ignored", t.crm.repeats),
            ("requests to post", requests.get(t.site.POST, 0)), ("messages stored", stats["posts_stored"]),
            ("faults played", stats["faults"]), ("history read", requests.get(t.site.LOOK_UP, 0)),
            ("answers acknowledged", len(t.people.answers)), ("skips acknowledged", len(t.people.skips)),
            ("words said", sum(t.people.helps.values())), ("duplicates", len(stats["duplicates"])),
            ("seconds", round(time.monotonic() - begun, 1))]
    for name, value in rows:
        print(f"  {name:<28} {value:>8}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("rounds", nargs="?", type=int, default=100)
    parser.add_argument("--platform", choices=PRESSABLE, default="slack")
    parser.add_argument("--seconds", type=float, default=0, help="no new round after so long")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    given = parser.parse_args()
    seed = given.seed or random.SystemRandom().randrange(1, 1 << 31)
    print(f"seed {seed}", flush=True)
    suite, begun = Suite(), time.monotonic()
    with scratch() as folder:
        torture = Torture(folder, seed, given.rounds, given.seconds, given.platform)
        try:
            if suite.one(f"{given.rounds}-rounds", torture.run_rounds) and suite.one("drain", torture.drain):
                judge(suite, torture)
            figures(torture, begun)
        finally:
            torture.close()
    sys.exit(suite.close())


main()
