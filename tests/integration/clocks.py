"""clocks.py BUILD_FOLDER [CASE...]: the daemon when the clock on the wall is set, and when it was asleep itself.

It has clocks of its own (tests/shim/clock.c), which run fast, and nobody asks it anything meanwhile: that would wake it.
"""

import contextlib
import mmap
import signal
import struct
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
RATE = 20  # the minute in which it looks at the clock anew passes in three seconds
BEGIN = parse_utc("2026-03-02T08:00:00Z")  # the embedded chat makes 10:00 on Tuesday, 24 February, of it
AWAY_S = 2 * 3600 + 6 * 60
PEOPLE_HERE = "people:\n  - {id: ana, name: Ana Ruiz, zone: UTC}\n"
TELLING = """\
plugin: telling
about: A word each half hour, whoever was away.
version: 1
area: opportunity
rules:
""" + "".join(f"  - rule: {name}\n    every: 30 minutes\n    tell: \"The {name} word.\"\n    missed: {missed}\n"
              for name, missed in (("skipping", "skip"), ("once", "once within 15m"), ("all", "all within 6h")))


class Clock:
    def __init__(self, folder):
        library = build_folder() / "tests/shim/clock_shim.so"
        if not library.is_file():
            print("skipped: the clock shim was not built (a sanitizer is)")
            sys.exit(MISSING)
        path = folder / "clock.block"
        path.write_bytes(bytes(16))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 16)
        self.env = {"LD_PRELOAD": str(library), "CLOCK_BLOCK": str(path)}
        self.ahead = BEGIN - time.time()
        self.put()

    def put(self):
        struct.pack_into("<qq", self.memory, 0, RATE, int(self.ahead * 1000))

    def step(self, seconds):
        self.ahead += seconds
        self.put()


@contextlib.contextmanager
def daemon():
    with scratch() as folder:
        clock = Clock(folder)
        configure(folder, "chat:\n  platform: local\n", people=PEOPLE_HERE, plugins={"telling.yaml": TELLING})
        gritd = Gritd(folder, clock.env)
        try:
            yield gritd.wait_ready(), clock
            equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()


def slots(gritd):
    """{rule: {time of the slot: outcome}} up to the one after which it was away."""
    found = {}
    for one in gritd.store().decisions():
        at = one["occurrence"][11:16]
        if at <= "12:00" and one["occurrence"].startswith("2026-02-24"):
            rule = found.setdefault(one["rule"].split("/")[-1], {})
            check(at not in rule, f"{one['rule']} at {at} twice")
            rule[at] = "missed" if one["outcome"] == "missed" else "decided"  # one rule speaks at a time
    return found


def each_slot_once_by_its_policy(gritd):
    until("the slots", lambda: sum(len(one) for one in slots(gritd).values()) == 12)
    times = ("10:30", "11:00", "11:30", "12:00")
    wanted = {"skipping": ("missed",) * 4, "once": ("missed",) * 3 + ("decided",), "all": ("decided",) * 4}
    equal(slots(gritd), {rule: dict(zip(times, ends)) for rule, ends in wanted.items()}, "slots")


# FM-D04
@suite.case
def wall_clock_set_forward_brings_each_slot_once():
    with daemon() as (gritd, clock):
        equal(gritd.store().decisions(), [], "decisions before")
        clock.step(AWAY_S)
        each_slot_once_by_its_policy(gritd)
        clock.step(22 * 3600)  # a day on: what is older than six hours is nobody's any more
        until("the day after", lambda: [one for one in gritd.store().decisions()
                                        if one["occurrence"].startswith("2026-02-25T10:00") and "all" in one["rule"]])
        said = [one for one in gritd.store().decisions() if one["outcome"] == "sent" and "all" not in one["rule"]]
        check(len(said) <= 4, f"too much was made good: {said}")


# FM-D05
@suite.case
def stopped_over_its_slots_it_looks_at_the_clock_when_it_goes_on():
    """As a machine that sleeps: nothing of it runs, and only the clock on the wall goes on."""
    with daemon() as (gritd, clock):
        gritd.signal(signal.SIGSTOP)
        clock.step(AWAY_S)
        equal(gritd.store().decisions(), [], "decisions while it stood still")
        gritd.signal(signal.SIGCONT)
        each_slot_once_by_its_policy(gritd)


suite.run()
