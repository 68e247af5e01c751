"""leak.py BUILD_FOLDER [--minutes M]: the life of months in fast motion, and what the daemon then holds.

Rounds of everything that a daemon hears: deals that come, are asked about, answered and won; events told twice; requests
that are refused; connections given up half-way; reloads good and broken; sign-ins on the page; a platform that hangs up.
After a warm-up each round has to end with the files and threads that the first one ended with, and memory grows by no more
than what is rightly kept grew by. Judged are counts and bytes, never a time.
"""

import argparse
import collections
import contextlib
import itertools
import json
import pathlib
import os
import re
import socket
import statistics
import struct
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from lib import *  # noqa: E402,F403 - the test library is made for this

WARM_UP, ROUNDS = 5, 7  # of the sample
DEALS, EVENTS, QUIET = 4, 40, 60  # a round: deals, calls about the old ones, and requests of each kind that leave no row
STABLE_S = 60  # a connection that held so long is opened again at once
SECRET = "a-secret-of-the-test"
REPS, BOSSES = 12, 4  # each hears once in a few rounds: the platform takes one message a second for one person
LINKS = 8  # so many connections to the platform may stay open for the next request, or not
PEOPLE = ("teams:\n" + "".join(f"  - {{id: t{n}, manager: m{n}, zone: UTC}}\n" for n in range(BOSSES)) + "people:\n" +
          "".join(f"  - {{id: p{n}, name: Person {n}, chat: U{n + 1}, team: t{n % BOSSES}}}\n" for n in range(REPS)) +
          "".join(f"  - {{id: m{n}, name: Manager {n}, role: manager, chat: U{REPS + n + 1}}}\n" for n in range(BOSSES)))
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

# What may be kept, in bytes: an event by its id for 72 hours and by its fact; a deal; a message by its key and its row.
# And the pages of the store's file, of which up to 16 MiB are held in memory.
KEPT = {"events": 512, "deals": 3072, "messages": 3072, "store": 1}
NOISE = 1 << 20  # what the heap and the page cache of the store come and go by


def kib(status, name):
    return int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1])


def sanitized(build):
    return re.search(r"^GRITD_SANITIZE:\w+=(?!OFF$)", (pathlib.Path(build) / "CMakeCache.txt").read_text(), re.M)


class Life:
    def __init__(self, folder):
        self.folder = folder
        self.fake = Fake(folder, REPS + BOSSES, quiet=True)
        configure(folder, slack_chat(self.fake.api, more="    messages_per_minute: 0\n"), people=PEOPLE,
                  more="public_url: http://grit.example.com\nintake:\n  - {name: crm, kind: generic, secret: env:T_LEAK, "
                       "verify: bearer}\n  - {name: own, kind: cloudevents}\n")
        self.gritd = Gritd(folder, env={"T_LEAK": SECRET}).wait_ready()
        self.serial, self.rounds, self.hung_up, self.last_hang_up = itertools.count(1), 0, 0, 0.0
        self.done, self.sockets = collections.Counter(), 0

    def close(self):
        for one in (self.gritd, self.fake):
            one.kill()

    # --- what happens in a round ---

    def take(self, events):
        self.gritd.take(events)
        self.done["events"] += len(events)

    def wants(self, status, *request):
        answer = self.gritd.call(*request)
        check(answer.status in (status if isinstance(status, tuple) else (status,)), lambda: f"{request[:2]} was answered {answer}")
        self.done["requests"] += 1
        return answer

    def heard(self, user, but, words=""):
        return until(f"a message {words!r}", lambda: [one for one in self.fake.from_bot(user)
                                                      if one["ts"] not in but and words in one["text"]])[0]

    def known(self, user):
        return {one["ts"] for one in self.fake.from_bot(user)}

    def deals(self):
        """They come to Propose, each is asked about, every second question is answered, and they are won."""
        serials = [next(self.serial) for _ in range(DEALS)]
        reps = {f"L{serial}": serial % REPS for serial in serials}
        self.take([one for name, rep in reps.items() for one in (created(name, f"p{rep}"), moved(name, f"p{rep}", "propose"))])
        for place, (name, rep) in enumerate(reps.items()):
            user = f"U{rep + 1}"
            asked = self.heard(user, (), f"Deal {name},")
            opened = len(self.fake.views())
            self.press(user, asked, "answer" if place % 2 else "skip")
            if place % 2:
                view = until("the form", lambda: self.fake.views()[opened:])[0]["view"]
                self.fake.act("submit", user, view_id=view["id"], values={"answer": {"value": f"What {name} said"}})
        self.take([event("deal.won", f"p{rep}", name) for name, rep in reps.items()])
        self.done["deals"] += DEALS

    def press(self, user, message, button):
        self.fake.act("click", user, ts=message["ts"], wait=True, action_id=buttons_of(message)[button]["action_id"])

    def events(self):
        told = [logged(f"L{1 + number % DEALS}", f"p{1 + number % DEALS}") for number in range(EVENTS)]
        self.take(told)
        for _ in range(QUIET // 10):
            self.wants(202, "POST", "/v1/events", told, BATCH)  # told again

    def refusals(self):
        good = json.dumps(created("X1", "ana")).encode()
        for number in range(QUIET):
            for path, headers, body, status in (
                    ("/v1/events", CLOUDEVENT, b"{" * (number + 1), 400),
                    ("/v1/events", CLOUDEVENT, good.replace(b"specversion", b"version"), 400),
                    ("/v1/events", {"Content-Type": "text/plain"}, good, 400),
                    ("/v1/intake/crm", CLOUDEVENT, good, (401, 429)),
                    ("/v1/intake/crm", {**CLOUDEVENT, "Authorization": f"Bearer {number}"}, good, (401, 429))):
                self.wants(status, "POST", path, body, headers)
            self.wants(404, "GET", f"/nothing/{number}")

    def given_up(self):
        for number in range(QUIET):
            with socket.create_connection(("127.0.0.1", self.gritd.port)) as link:  # reset: an end would be waited for
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                link.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"[:20 + number * 3])
            self.done["requests"] += 1

    def looks(self):
        for _ in range(QUIET):
            for path in ("/metrics", "/healthz", "/readyz", "/"):
                self.wants(200, "GET", path)
            check(self.gritd.control("status"), "no status")

    def page(self):
        user = f"U{REPS + self.rounds % BOSSES + 1}"
        known = self.known(user)
        self.fake.act("say", user, text="page")
        token = re.search(r"sign-in\?token=([0-9a-f]{64})", self.heard(user, known, "sign-in")["text"])[1]
        cookie = self.wants(200, "GET", f"/sign-in?token={token}").headers["set-cookie"].split(";")[0]
        form = f"token={token}&form={cookie.split('=')[1]}"
        opened = self.wants(303, "POST", "/sign-in", form, {**FORM, "Cookie": cookie})
        session = {"Cookie": opened.headers["set-cookie"].split(";")[0]}
        self.wants(200, "GET", "/page/data", None, session)
        self.wants(200, "GET", "/page/csv?table=level", None, session)
        self.wants(410, "GET", f"/sign-in?token={token}")

    def reloads(self):
        good = ASKING.replace("version: 1", f"version: {1 + self.rounds % 2}")
        for text in (good.replace("ask: words", "ask: wards"), good):
            write(self.folder, "plugins/asking.yaml", text)
            self.gritd.control("reload")
            self.done["reloads"] += 1

    def hang_up(self):
        """The back-off begins anew only behind a connection that held: so the first few, and then one a minute."""
        if self.hung_up >= 2 and time.monotonic() - self.last_hang_up < STABLE_S + 5:
            return
        before = self.fake.stats()["sockets_opened"]
        self.fake.door("drop", {"code": (0, 1011)[self.hung_up % 2], "which": "all"})
        until("a new socket", lambda: self.fake.stats()["sockets_opened"] > before)
        until("ready again", lambda: self.gritd.get("/readyz").status == 200)
        self.hung_up, self.last_hang_up = self.hung_up + 1, time.monotonic()

    def settled(self):
        rows = self.gritd.metrics()
        return rows if not any(rows[f"gritd_{name}"] for name in (
            "outbox_messages", "conversations_open", "chat_acks_waiting", "store_rows_queued", "held_events")) else None

    def round(self):
        for part in (self.deals, self.events, self.refusals, self.given_up, self.looks, self.page, self.reloads, self.hang_up):
            part()
        rows = until("nothing to be on its way", self.settled)
        equal(rows["gritd_deals"], self.done["deals"], "deals held")
        self.done["messages"] = rows["gritd_messages_sent_total"]
        self.rounds += 1
        if self.sockets:  # what we gave up may be closed a moment later
            until("our connections to be closed", lambda: self.open_files()[1] <= self.sockets + LINKS)
        return self.sample()

    # --- what it holds ---

    def open_files(self):
        """Its files, and its sockets."""
        names = []
        for one in pathlib.Path(f"/proc/{self.gritd.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed while we look
                names.append(os.readlink(one))
        sockets = sum(name.startswith("socket:") for name in names)
        return len(names) - sockets, sockets

    def sample(self):
        files, sockets = self.open_files()
        task = pathlib.Path(f"/proc/{self.gritd.pid}")
        threads = [one.read_text().strip() for one in task.glob("task/*/comm")]
        settling = threads.count("store-settle")  # begins with the first full log, on two files of its own
        return {"files": files - 2 * settling, "sockets": sockets, "threads": len(threads) - settling,
                "memory": kib((task / "status").read_text(), "RssAnon") * 1024,
                "store": (self.folder / "gritd.db").stat().st_size, **self.done}


def play(life, minutes):
    """Samples of the rounds behind the warm-up: so many, or those of so many minutes."""
    life.sockets = min(one["sockets"] for one in [life.round() for _ in range(WARM_UP)])
    samples, begun = [], time.monotonic()
    while len(samples) < ROUNDS or time.monotonic() - begun < minutes * 60:
        samples.append(life.round())
        if len(samples) % 50 == 1 or os.environ.get("LEAK_SHOW"):
            print(f"  round {life.rounds}: {samples[-1]}", flush=True)
    return samples


def judge(suite, life, samples, judge_memory):
    first, last = samples[:3], samples[-3:]

    def median(of, name):
        return statistics.median(one[name] for one in of)

    # FM-I02
    def files_and_threads_are_those_of_the_first_round():
        for name in ("files", "threads"):
            equal(median(last, name), median(first, name), name)

    # FM-I02
    def memory_grows_by_what_is_kept_and_no_more():
        grown = median(last, "memory") - median(first, "memory")
        kept = sum(size * (median(last, name) - median(first, name)) for name, size in KEPT.items())
        print(f"  memory {median(first, 'memory') / 1024:.0f} -> {median(last, 'memory') / 1024:.0f} KiB: grown by "
              f"{grown / 1024:.0f}, kept rows explain {kept / 1024:.0f}")
        check(not judge_memory or grown <= kept + NOISE, f"{grown} bytes more, and what is kept explains {kept:.0f}")

    def it_stops_cleanly():
        equal(life.gritd.stop(), 0, "exit code")
        for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
            check(word not in life.gritd.log(), lambda: life.gritd.log()[-3000:])

    for run in (files_and_threads_are_those_of_the_first_round, memory_grows_by_what_is_kept_and_no_more, it_stops_cleanly):
        suite.one(run.__name__.replace("_", "-"), run)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--minutes", type=float, default=0)
    given = parser.parse_args()
    suite, samples = Suite(), []
    with scratch() as folder:
        life = Life(folder)
        try:
            if suite.one("rounds", lambda: samples.extend(play(life, given.minutes))):
                judge(suite, life, samples, not sanitized(given.build))
                print(f"  {life.rounds} rounds, {life.hung_up} hang-ups, {dict(life.done)}, {samples[-1]['files']} files, "
                      f"{samples[-1]['threads']} threads")
        finally:
            life.close()
    sys.exit(suite.close())


main()
