"""torture.py BUILD_FOLDER [--places] [--jobs N] [--only NAME] [--kind WORD] [--seconds N] [--at N | --place P] [--how N]

Every allocation, and every call on the store, on other files and on sockets, of each scenario of faults.py, failed once
and for ever. First each scenario is counted. Then the first call from each distinct place fails, a place being a chain of
six callers; with --places that is all. Then every call of every scenario, those far apart first, so that a run that is
broken off has been everywhere. Where the program ended at once for want of memory, "for ever" is the same run, and is
counted without being played. --at or --place plays one again, as its failure says.
"""

import argparse
import collections
import multiprocessing
import os
import signal
import sys
import time
import traceback

sys.dont_write_bytecode = True
from shim import library  # noqa: E402
from lib import Failed, binary  # noqa: E402
from faults import KINDS, Fault, one_case, scenarios  # noqa: E402

Try = collections.namedtuple("Try", "name word fault")
over = multiprocessing.Event()  # set: no further try is begun
WITH_TWO = ("gritctl-status", "gritctl-reload")  # programs: when one ended the other goes on


def attempt(name, fault, noting=False):
    """(Played or None, what was wrong)"""
    try:
        return one_case(name, fault, noting), None
    except (Failed, AssertionError) as error:
        return None, str(error)
    except Exception as error:  # a broken test is a failed test, with the place
        place = traceback.extract_tb(error.__traceback__)[-1]
        return None, f"{type(error).__name__}: {error} ({place.name}, line {place.lineno})"


def count(job):
    name, word = job
    for _ in range(3):  # on a machine with much else to do a run without a fault may be too slow as well
        played, wrong = attempt(name, Fault(KINDS[word][0]), noting=True)
        if played:
            break
    return name, word, played, wrong


def play(one):
    """[(the try, faults played, the same as once, what was wrong)]: once and, where that can differ, for ever."""
    found, ended = [], over.is_set()
    if ended:
        return []
    for for_ever in (False, True) if one.fault.for_ever is None else (one.fault.for_ever,):
        this = one._replace(fault=one.fault._replace(for_ever=for_ever))
        if ended and one.name not in WITH_TWO:
            found.append((this, 1, True, None))
            continue
        played, wrong = attempt(one.name, this.fault)
        ended = bool(played and played.ended)
        if over.is_set():
            return []
        found.append((this, played.faults if played else 1, False, wrong))
    return found


def replay(one):
    fault = one.fault
    where = f"--place {fault.place}" if fault.place else f"--at {fault.at}"
    return (f"--only {one.name} --kind {one.word} {where} --how {fault.how} "
            f"--mode {'for-ever' if fault.for_ever else 'once'}")


def far_apart(calls):
    """1 to calls: each next one in the middle of the widest gap, more or less."""
    bits = calls.bit_length()
    turned = (int(f"{one:0{bits}b}"[::-1], 2) for one in range(1 << bits))
    return [one for one in turned if 1 <= one <= calls]


def spread(lists):
    """One list of all, each list evenly over its whole length."""
    return [one for _, one in sorted(((at + 0.5) / len(each), one) for each in lists for at, one in enumerate(each))]


class Tally:
    def __init__(self):
        self.begun = time.monotonic()
        self.tries, self.same, self.unplayed, self.bad = collections.Counter(), 0, collections.Counter(), []

    def add(self, results):
        for one, faults, same, wrong in results:
            self.tries[one.word] += 1
            self.same += same
            if wrong:
                self.bad.append(one)
                print(f"FAILED {replay(one)}: {wrong}", flush=True)
            elif not faults:
                self.unplayed[one.name] += 1

    def line(self, of):
        print(f"  {sum(self.tries.values())} tries ({', '.join(f'{n} {word}' for word, n in self.tries.items())}), "
              f"{self.same} of them the same run as once, {sum(self.unplayed.values())} whose call did not come, "
              f"{len(self.bad)} failed; {of}; {time.monotonic() - self.begun:.0f} seconds", flush=True)


def stages(given, counted):
    """[(what they are, tries)]"""
    def tries(name, word, wheres):
        kind, hows = KINDS[word]
        return [Try(name, word, Fault(kind, at, how, None, place)) for at, place in wheres for how in hows]
    both = [("places", [tries(name, word, [(1, place) for place in places])
                        for (name, word), (calls, places) in counted.items()])]
    if not given.places:
        both.append(("calls", [tries(name, word, [(at, 0) for at in far_apart(calls)])
                               for (name, word), (calls, places) in counted.items()]))
    return [(what, spread([each for each in lists if each])) for what, lists in both]


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--places", action="store_true", help="the first call of each chain of callers, not all")
    parser.add_argument("--jobs", type=int, default=4 * os.cpu_count(), help="tries beside each other")
    parser.add_argument("--only", default="", help="scenarios whose name begins so")
    parser.add_argument("--kind", choices=KINDS, help="faults of one kind")
    parser.add_argument("--seconds", type=int, default=0, help="begin no try after so long")
    parser.add_argument("--at", type=int, default=0, help="only this call")
    parser.add_argument("--place", type=int, default=0, help="only the first call from this place")
    parser.add_argument("--how", type=int, default=0, help="errno; 0: a short count")
    parser.add_argument("--mode", choices=("once", "for-ever"))
    return parser.parse_args()


def counted_all(pool, given):
    jobs = [(name, word) for name in scenarios if name.startswith(given.only)
            for word in KINDS if given.kind in (None, word)]
    counted = {}
    for name, word, played, wrong in pool.imap(count, jobs):
        if wrong:
            counted[name, word] = 0, []
            print(f"FAILED {name} {word} without a fault: {wrong}", flush=True)
        elif played.calls[word]:
            counted[name, word] = played.calls[word], played.places
            print(f"{name} {word}: {played.calls[word]} calls from {len(played.places)} places", flush=True)
    return counted


def main():
    given = arguments()
    library(), binary("gritd"), binary("gritctl"), binary("fake_slack")  # or it ends here
    tally = Tally()
    if given.at or given.place:
        word, for_ever = given.kind or "memory", {"once": False, "for-ever": True, None: None}[given.mode]
        fault = Fault(KINDS[word][0], given.at or 1, given.how, for_ever, given.place)
        for name in scenarios:
            if name.startswith(given.only):
                tally.add(play(Try(name, word, fault)))
        tally.line("one call")
        sys.exit(bool(tally.bad))
    with multiprocessing.Pool(given.jobs, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        counted = counted_all(pool, given)
        print(f"{len(counted)} scenarios, {2 * len(counted)} with once and for ever: "
              f"{sum(calls for calls, _ in counted.values())} calls from "
              f"{sum(len(places) for _, places in counted.values())} places", flush=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        for what, all_tries in stages(given, counted):
            for number, results in enumerate(pool.imap_unordered(play, all_tries), 1):
                tally.add(results)
                if given.seconds and time.monotonic() - tally.begun > given.seconds:
                    over.set()
                if not over.is_set() and (number % 100 == 0 or number == len(all_tries)):
                    tally.line(f"{number} of {len(all_tries)} {what}")
        tally.line("broken off" if over.is_set() else "all")
    sys.exit(bool(tally.bad) or not all(calls for calls, _ in counted.values()) or not counted)


if __name__ == "__main__":
    main()
