"""syscalls.py BUILD_FOLDER [--platform NAME] [--sample N | --every N] [--seed N]: kill -9 at each call that writes.

A run of 40 questions on the fake Slack or Mattermost, or on a real XMPP server (prosody, ejabberd), is counted first:
every write, sync, truncation and send of the daemon. Then it is run again and again, each time killed at the next of
these calls, before or after it was made; the daemon is started again, and in the end each question is there exactly once.
"""

import argparse
import collections
import random
import sys
import threading
import time

sys.dont_write_bytecode = True
from shim import *  # noqa: E402,F403 - the library of faults is made for this
from sites import *  # noqa: E402,F403 - the platforms, and the test library

REPS, DEALS = 8, 40


class Sender(threading.Thread):
    """Posts all events, each until it got its 202."""

    def __init__(self, port, tag):
        super().__init__(daemon=True)
        self.port, self.tag = port, tag
        self.start()

    def post(self, one):
        while True:
            try:
                if http_call(self.port, "POST", "/v1/events", one, CLOUDEVENT, timeout=10).status == 202:
                    return
            except OSError:
                time.sleep(0.005)

    def run(self):
        for number in range(DEALS):
            deal, rep = f"{self.tag}D{number}", f"p{1 + number % REPS}"
            self.post(created(deal, rep, f"Deal {deal}", id=f"{deal}-made"))
            self.post(moved(deal, rep, "propose", id=f"{deal}-moved"))


class Run:
    def __init__(self, folder, platform):
        self.folder, self.port = folder, free_port()
        self.site = site_of(platform)(folder, self.port, REPS)
        self.gritd, self.killed = None, False
        people = "people:\n" + "".join(f"  - {{id: p{i}, name: Person {i}, chat: {self.site.user(i)}, zone: UTC}}\n"
                                       for i in range(1, REPS + 1))
        configure(folder, self.site.chat, people=people, listen=f"127.0.0.1:{self.port}")
        self.block = Block(folder)

    def settled(self):
        if not self.gritd.running():
            return True
        try:
            now = self.gritd.metrics()
        except (OSError, Failed):
            return False
        return (now["gritd_outbox_messages"] == 0 and now["gritd_store_rows_queued"] == 0
                and self.site.stored() >= DEALS)

    def play(self, at, how):
        if at:
            self.block.arm(OUTPUT, at, how)
        self.gritd = Gritd(self.folder, env={**self.site.env, **self.block.env})
        sender = Sender(self.port, self.site.tag)
        until("the run", self.settled, 60)
        self.killed = not self.gritd.running()
        if self.killed:
            equal(self.gritd.process.wait(), -9, "how it ended")
            self.gritd = Gritd(self.folder, env=self.site.env).wait_ready()
        sender.join(WAIT_S)
        check(not sender.is_alive(), "the events do not all get their 202")
        until("the outbox to be empty", self.settled, 60)

    # FM-F09
    def judge(self):
        wanted = collections.Counter({f"{self.site.tag}D{n}": 1 for n in range(DEALS)})
        equal(self.site.asked(), wanted, "messages of each deal")
        equal(self.site.duplicates(), [], "keys stored twice")
        code = self.gritd.stop()
        if code == -9:  # only now its turn came
            self.killed = True
            code = Gritd(self.folder, env=self.site.env).wait_ready().stop()
        equal(code, 0, "exit code")
        rows = self.gritd.store().outbox()
        equal([one for one in rows if one["state"] != "sent"], [], "rows that did not end as sent")
        equal(len(rows), DEALS, "rows")
        equal(self.gritd.store().rows("PRAGMA integrity_check"), [("ok",)], "integrity_check")

    def close(self):
        if self.gritd:
            self.gritd.kill()
        self.site.close()


def one_run(platform, at, how):
    """(killed, calls that write)"""
    with scratch() as folder:
        run = Run(folder, platform)
        try:
            run.play(at, how)
            count = run.block.count(OUTPUT)
            run.judge()
            return run.killed, count
        finally:
            run.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--platform", choices=SITES, default="slack")
    parser.add_argument("--sample", type=int, default=0, help="so many calls, picked at random")
    parser.add_argument("--every", type=int, default=1, help="each so many-th call")
    parser.add_argument("--first", type=int, default=1, help="from this call on: several at once share the calls")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    given = parser.parse_args()
    seed = given.seed or random.SystemRandom().randrange(1, 1 << 31)
    library()
    suite, killed, begun = Suite(), 0, time.monotonic()
    _, calls = one_run(given.platform, 0, 0)
    places = [(at, how) for at in range(given.first, calls + 1, given.every) for how in (KILL_BEFORE, KILL_AFTER)]
    if given.sample:
        places = sorted(random.Random(seed).sample(places, min(given.sample, len(places))))
    print(f"seed {seed}, {calls} calls, {len(places)} runs", flush=True)
    for at, how in places:
        def case():
            nonlocal killed
            done, made = one_run(given.platform, at, how)
            if not done and given.sample:  # it had fewer calls than the one that was counted
                done, made = one_run(given.platform, max(1, min(at, made) * 2 // 3), how)
            killed += done
        suite.one(f"FM-A01-call-{at}-{'after' if how else 'before'}", case)
    check(killed * 2 > len(places), f"only {killed} of {len(places)} runs were killed")
    print(f"  {killed} kills, {time.monotonic() - begun:.0f} seconds")
    sys.exit(suite.close())


try:
    main()
finally:
    Xmpp.end()
