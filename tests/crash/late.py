"""late.py BUILD_FOLDER [CASE...]: answers that come after the request was given up, on the clock: takes three minutes."""

import sys
import threading
import time

sys.dont_write_bytecode = True
from sites import *  # noqa: E402,F403 - the platforms, and the test library

suite = Suite()
TIME_OUT_MS = 15000  # of a request to Slack and to Mattermost
LATE_MS = (TIME_OUT_MS + 1, TIME_OUT_MS * 3 // 2, TIME_OUT_MS * 10)
QUIET_S = 60


def one_message(platform, late_ms, store):
    """One question, stored before or after the wait; the answer comes only then."""
    with scratch() as folder:
        port = free_port()
        site, gritd = site_of(platform)(folder, port, 3), None
        try:
            people = f"people:\n  - {{id: ana, name: Ana Ruiz, chat: {site.user(1)}, zone: UTC}}\n"
            configure(folder, site.chat, LIMITS_WIDE.replace("quiet_period: 1s", f"quiet_period: {QUIET_S}s"), people,
                      listen=f"127.0.0.1:{port}")
            site.fake.set(hold_ms={"method": site.POST, "ms": late_ms, "store": store, "count": 1})
            if platform == "mattermost":
                site.fake.set(no_echo=True)  # it would tell before
            gritd = Gritd(folder, env=site.env).wait_ready()
            gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
            begun = time.monotonic()
            until("the request", lambda: site.requests().get(site.POST))
            until("it to be given up", lambda: gritd.metrics()["gritd_outbox_unknown"] or site.requests().get(site.LOOK_UP),
                  TIME_OUT_MS / 1000 + 5, 0.05)
            check(time.monotonic() - begun > TIME_OUT_MS / 1000 - 1, "it was not waited for")
            until("it to be found", lambda: gritd.metrics()["gritd_messages_sent_total"] == 1, 2 * QUIET_S, 0.1)
            until("the late answer to be over", lambda: time.monotonic() - begun > late_ms / 1000 + 1, late_ms / 1000 + 5, 0.5)
            equal(site.requests()[site.POST], 1, "posts")
            equal(sum(site.asked().values()), 1, "messages")
            equal(site.duplicates(), [], "messages stored twice")
            equal(gritd.stop(), 0, "exit code")
            equal([one["state"] for one in gritd.store().outbox()], ["sent"], "rows")
        finally:
            if gritd:
                gritd.kill()
            site.close()


# FM-B03: ten times the time-out is beyond the quiet period, so there the message is stored at once
@suite.case
def answers_after_the_time_out_are_found_and_nothing_is_repeated():
    failed = []

    def play(*what):
        try:
            one_message(*what)
            print(f"  {what} ok", flush=True)
        except BaseException as error:  # pylint: disable=broad-except - told below
            failed.append(f"{what}: {error}")
    threads = [threading.Thread(target=play, args=(platform, late_ms, store)) for platform in PRESSABLE
               for late_ms in LATE_MS for store in ("before", "after") if store == "before" or late_ms < QUIET_S * 1000]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(failed, [], "what failed")


suite.run()
