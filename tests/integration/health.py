"""health.py BUILD_FOLDER [CASE...]: what is wrong shows at /readyz and in `gritctl status` within a minute, with its
cause, and is gone from there once it is over. Every case mostly waits, so they run side by side."""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LIMIT_S = 60  # red within a minute
RESTARTS = int(os.environ.get("GRITD_TEST_RESTARTS", "12"))  # the matrix says 2,000
ALL_AT_ONCE, EACH_S = 60, 360  # sign-ins that are allowed, and how soon one more is


@contextlib.contextmanager
def office():
    with scratch() as folder:
        fake = Fake(folder)
        gritd = None
        try:
            configure(folder, slack_chat(fake.api))
            gritd = Gritd(folder)
            yield fake, gritd
            equal(gritd.stop(), 0, "exit code")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


def red(gritd, cause, limit=LIMIT_S):
    within(f"red because of {cause!r}", lambda: gritd.get("/readyz").status == 503 and cause in gritd.get("/readyz").text,
           limit * SLOW, every=0.1)
    status = gritd.control("status")
    equal(status["ready"], False, "ready")
    check(cause in status["why"], status["why"])
    printed = subprocess.run([binary("gritctl"), "status", "--config", gritd.folder / "gritd.yaml"],
                             capture_output=True, text=True, timeout=WAIT_S)
    check(cause in printed.stdout, f"gritctl status says {printed.stdout} {printed.stderr}")
    equal(gritd.metrics()["gritd_up"], 0, "gritd_up")


def green(gritd, limit=LIMIT_S):
    within("green again", lambda: gritd.get("/readyz").status == 200, limit * SLOW, every=0.1)
    equal(gritd.control("status")["why"], None, "why")


def dead_socket():
    """The kernel says it is connected, and no byte comes any more."""
    with office() as (fake, gritd):
        gritd.wait_ready()
        fake.set(mute=True)
        red(gritd, "not connected to the chat platform: ")
        fake.set(mute=False)
        green(gritd)
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the question", lambda: fake.from_bot("U1"))


def token_revoked_while_nothing_is_said():
    with office() as (fake, gritd):
        gritd.wait_ready()
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        fake.set(revoke="token_revoked")
        red(gritd, "token_revoked")
        fake.set(revoke=False)
        gritd.signal(signal.SIGHUP)
        green(gritd)


def queue_that_is_stuck():
    with office() as (fake, gritd):
        gritd.wait_ready()
        fake.set(fail_before_store={"method": "chat.postMessage", "status": "message_limit_exceeded", "count": 100000})
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        red(gritd, "not one of them gets through")
        fake.set(fail_before_store=None)
        until("the question", lambda: fake.from_bot("U1"), 3 * LIMIT_S)
        green(gritd)


def bad_reload():
    with office() as (fake, gritd):
        gritd.wait_ready()
        good = (gritd.folder / "people.yaml").read_text()
        (gritd.folder / "people.yaml").write_text("people: [\n")
        gritd.signal(signal.SIGHUP)
        red(gritd, "people.yaml:")
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        until("the question by the old configuration", lambda: fake.from_bot("U1"))
        (gritd.folder / "people.yaml").write_text(good)
        gritd.signal(signal.SIGHUP)
        green(gritd)


# FM-K04 FM-C01
@suite.case
def whatever_is_wrong_is_red_with_its_cause_and_green_again():
    failed = []

    def play(case):
        try:
            case()
        except BaseException as error:  # pylint: disable=broad-except - told below
            failed.append(f"{case.__name__}: {error}")
    threads = [threading.Thread(target=play, args=(case,))
               for case in (dead_socket, token_revoked_while_nothing_is_said, queue_that_is_stuck, bad_reload)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(failed, [], "what failed")


def start(gritd):
    """Without the connection to the chat."""
    gritd.process.wait()
    gritd._port = None
    gritd.spawn()
    until("its listener", lambda: "listening on" in gritd.log())


def budget(gritd, full_at=None):
    """When the budget of sign-ins is whole again, in ms; with full_at it is made to be that. Only while gritd is down."""
    row = "kind = 6 AND key = 'chat slack'"
    with contextlib.closing(sqlite3.connect(gritd.store().path)) as link, link:
        (kept,) = link.execute(f"SELECT value FROM state WHERE {row}").fetchone()
        if full_at:
            link.execute(f"UPDATE state SET value = json_set(value, '$.full_at', ?) WHERE {row}", (full_at,))
    return json.loads(kept)["full_at"]


def spend(gritd, count):
    """As if it had been started so often already."""
    gritd.kill()
    check(budget(gritd, int((time.time() + count * EACH_S) * 1000)) > time.time() * 1000, "nothing was kept")


# FM-C03
@suite.case
def a_restart_each_second_spends_one_budget_of_sign_ins():
    with office() as (fake, gritd):
        def spent():
            rows = gritd.store().rows("SELECT value FROM state WHERE kind = 6 AND key = 'chat slack'")
            return json.loads(rows[0][0])["full_at"] if rows else 0
        gritd.wait_ready()
        until("its sign-in to be kept", spent)
        before = fake.stats()["sockets_opened"]
        spend(gritd, 57)
        for _ in range(3):
            was = spent()
            gritd.restart()
            until("its sign-in to be kept", lambda was=was: spent() > was)
            gritd.kill()
        for _ in range(3):
            start(gritd)
            until("its reason", lambda: "too many sign-ins in one day" in gritd.get("/readyz").text)
            gritd.kill()
        equal(fake.stats()["sockets_opened"] - before, 3, "sign-ins")
        start(gritd)  # it ends cleanly while it waits


# FM-C03
@suite.case
def killed_at_any_moment_it_signs_in_no_more_often():
    with office() as (fake, gritd):
        gritd.wait_ready()
        until("its sign-in to be kept", lambda: gritd.store().rows("SELECT 1 FROM state WHERE kind = 6 AND key = 'chat slack'"))
        left = min(ALL_AT_ONCE, RESTARTS // 3)
        spend(gritd, ALL_AT_ONCE - left)
        before, begun = fake.stats()["sockets_opened"], time.monotonic()

        def opened():
            return fake.stats()["sockets_opened"] - before
        for number in range(RESTARTS):
            was = opened()
            gritd._port = None
            gritd.spawn()
            if number % 2:  # at once when the platform sees it, or is not to see it
                until("a sign-in or the reason", lambda was=was: opened() > was or "too many sign-ins" in gritd.log(), every=0.001)
            else:
                time.sleep(random.uniform(0.02, 0.2))  # the moment itself
            check(gritd.running(), lambda: f"gritd ended by itself: {gritd.log()[-800:]}")
            gritd.kill()
        more = int((time.monotonic() - begun) / EACH_S)
        print(f"  {RESTARTS} restarts: {opened()} sign-ins of {left + more} allowed")
        check(opened() <= left + more, f"{opened()} sign-ins in {RESTARTS} restarts, {left} were left")
        start(gritd)


suite.run()
