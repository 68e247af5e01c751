"""overload.py BUILD_FOLDER [--seconds S] [--rate N] [--disk MS] [--busy]: far more events than anybody has, and a platform that says 429.

A CRM sends N events a second for S seconds (default 10,000 for 60) while the fake Slack answers every new message with
429. Meanwhile people press buttons and send forms. In the end the platform gives way. Judged: nothing that got its 202
is lost, nothing is said twice, no click waits for its ack longer than the platform's 3 s, memory stays bounded.
--busy: the machine has other work as well. Then a click may wait longer, by as much as the flood takes longer than S.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from lib import *  # noqa: E402,F403 - the test library is made for this

REPS = 200
PER_POST = 100  # events in a request
PRESSING = 12  # people who press buttons meanwhile
STAGES = ("prospect", "qualify", "discover", "propose", "negotiate")
ACK_MS = 3000  # the platform's
MEMORY_MIB = 512  # beyond that it is not bounded: a million events are far below

LIMITS = LIMITS_WIDE.replace("prompts_per_day: 1000", "prompts_per_day: 20")
PLUGIN = """\
plugin: flood
about: A question at each stage.
version: 1
area: opportunity
questions:
  words: {kind: skill, reader: rep, answer: text, text: "What has changed for {{deal.name}}?"}
rules:
""" + "".join(f"  - rule: at-{stage}\n    when: {{event: deal.stage_changed, to: {stage}}}\n    ask: words\n"
              f"    reminders: false\n    quiet: hold\n    priority: {number}\n"
              for number, stage in enumerate(STAGES))


def load_program(build):
    return next(path for path in pathlib.Path(build).rglob("bench_load") if path.is_file())


def slow_disk(given):
    """The shim that makes each sync of the store take longer; not there in a sanitized build."""
    shim = pathlib.Path(given.build).resolve() / "tests/shim/fault_shim.so"
    return {"LD_PRELOAD": str(shim), "FAULT_SYNC_MS": str(given.disk)} if given.disk and shim.is_file() else None


class Presser(threading.Thread):
    """Opens the form of a question and sends it, again and again, as people do."""

    def __init__(self, fake, questions):
        super().__init__(daemon=True)
        self.fake, self.questions = fake, questions
        self.latencies, self.missing = [], 0
        self.stop_now = threading.Event()

    def acked(self, got):
        if "ack" in got:
            self.latencies.append(got["latency_ms"])
        else:
            self.missing += 1

    def run(self):
        for turn in range(1 << 30):
            if self.stop_now.is_set():
                return
            user, message = self.questions[turn % len(self.questions)]
            self.acked(self.fake.try_act("click", user, ts=message["ts"], wait=True,
                                         action_id=buttons_of(message)["answer"]["action_id"]))
            self.fake.try_act("say", user, text="help")
            self.stop_now.wait(0.05)


class Overload:
    def __init__(self, folder, given):
        self.folder, self.given = folder, given
        self.fake = Fake(folder, REPS, quiet=True)
        people = "people:\n" + "".join(f"  - {{id: p{i}, name: Person {i}, chat: U{i + 1}, zone: UTC, crm: [crm{i}]}}\n"
                                       for i in range(REPS))
        configure(folder, slack_chat(self.fake.api, more="    messages_per_minute: 0\n"), limits=LIMITS, people=people,
                  plugins={"flood.yaml": PLUGIN})
        self.gritd = Gritd(folder, slow_disk(given)).wait_ready()
        self.peak = self.queue = 0

    def memory_mib(self, what):
        text = pathlib.Path(f"/proc/{self.gritd.process.pid}/status").read_text()
        return int(re.search(rf"{what}:\s+(\d+)", text)[1]) / 1024

    def ask_some(self):
        """Questions that are there before the flood, to press buttons on."""
        for number in range(PRESSING):
            self.gritd.take(moved(f"Q{number}", f"p{number}", "propose", "discover"))
        found = until("the questions", lambda: (lambda all_: all_ if len(all_) == PRESSING else None)(
            [(one["dm_user"], one) for one in self.fake.from_bot() if "answer" in buttons_of(one)]))
        return found

    def journal(self):
        return self.gritd.store().rows("SELECT count(*) FROM journal WHERE body LIKE '%/crm/generic/bench%'")[0][0]

    # FM-B12
    def flood(self):
        questions = self.ask_some()
        if self.given.busy:
            self.fake.set(ack_deadline_ms=int(WAIT_S * 1000))
        self.fake.set(fail_before_store={"method": "chat.postMessage", "status": 429, "retry_after": 1, "count": -1})
        self.presser = Presser(self.fake, questions)
        self.presser.start()
        events = self.given.rate * self.given.seconds
        begun = time.monotonic()
        load = subprocess.Popen([str(load_program(self.given.build)), "-p", str(self.gritd.port), "-c", "8", "-b", str(PER_POST),
                                 "-n", str(events), "-r", str(self.given.rate // PER_POST), "-u", str(REPS), "-i", "flood"],
                                stdout=subprocess.PIPE, text=True)
        words, _ = load.communicate(timeout=600)
        self.seconds = time.monotonic() - begun
        check(load.returncode == 0, f"the load generator ended with {load.returncode}: {words}")
        self.report = json.loads(words.strip().splitlines()[-1])
        self.waiting = self.gritd.metrics()["gritd_outbox_messages"]
        self.refused = self.fake.stats()["methods"].get("chat.postMessage", 0)
        until("some clicks", lambda: len(self.presser.latencies) + self.presser.missing > 5)
        self.presser.stop_now.set()
        self.presser.join(WAIT_S)

    def drain(self):
        self.fake.set(fail_before_store=None)
        until("the outbox to be empty", lambda: self.gritd.metrics()["gritd_outbox_messages"] == 0, 240, 0.2)
        until("the store", lambda: self.gritd.metrics()["gritd_store_rows_queued"] == 0, 60, 0.1)

    def close(self):
        for one in (self.gritd, self.fake):
            one.kill()


def judge(suite, t):
    # FM-F08
    def every_event_with_its_202_is_in_the_journal():
        equal(t.journal(), t.report["accepted"] * PER_POST, "events in the journal")

    def messages_waited_and_each_was_said_once():
        check(t.waiting > REPS, f"only {t.waiting} messages waited: no overload")
        stats, outbox = t.fake.stats(), t.gritd.store().outbox()
        equal(stats["duplicates"], [], "messages stored twice")
        equal([one for one in outbox if one["state"] != "sent"], [], "rows that did not end as sent")
        said = {key_of(one) for one in t.fake.messages() if key_of(one)}
        equal(sorted({one["key"] for one in outbox} - said)[:5], [], "said by the ledger only")

    def nobody_waited_for_an_ack():
        check(len(t.presser.latencies) > 5, f"only {len(t.presser.latencies)} clicks")
        equal(t.presser.missing, 0, "clicks without an ack")
        limit, slowest = ACK_MS, t.fake.stats()["max_ack_ms"]
        if t.given.busy:
            limit *= max(1, t.seconds / t.given.seconds)
        check(slowest <= limit, f"an ack took {slowest} ms, of {limit:.0f}")

    def memory_is_bounded():
        check(t.memory_mib("VmHWM") < MEMORY_MIB, f"{t.memory_mib('VmHWM'):.0f} MiB")

    def it_stops_cleanly():
        t.peak = t.memory_mib("VmHWM")
        equal(t.gritd.stop(), 0, "exit code")

    for run in (every_event_with_its_202_is_in_the_journal, messages_waited_and_each_was_said_once,
                nobody_waited_for_an_ack, memory_is_bounded, it_stops_cleanly):
        suite.one(run.__name__.replace("_", "-"), run)


def figures(t):
    waits = sorted(t.presser.latencies) or [0]
    rows = [("events sent", t.report["events"]), ("accepted", t.report["accepted"] * PER_POST),
            ("seconds of the flood", round(t.seconds, 1)), ("messages that waited", t.waiting),
            ("requests answered 429", t.refused - PRESSING), ("clicks and forms", len(waits)),
            ("ack, median ms", waits[len(waits) // 2]), ("ack, slowest ms", waits[-1]),
            ("memory at most, MiB", round(t.peak))]
    for name, value in rows:
        print(f"  {name:<28} {value:>9}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=int, default=10000)
    parser.add_argument("--disk", type=int, default=0, help="milliseconds that each sync takes longer")
    parser.add_argument("--busy", action="store_true", help="the machine has other work as well")
    given = parser.parse_args()
    suite = Suite()
    with scratch() as folder:
        overload = Overload(folder, given)
        try:
            if suite.one("flood", overload.flood) and suite.one("drain", overload.drain):
                judge(suite, overload)
                figures(overload)
        finally:
            overload.close()
    sys.exit(suite.close())


main()
