"""disk.py BUILD_FOLDER [REPS [EVENTS]]: what the store takes on disk for each event, with all shipped plugins.

Each rep has EVENTS events (deals that are made and move, calls, meetings); what they lead to, messages, decisions and state, is
in the figure. The table scales it to months: a year of a 500-rep team in tests/bench/year.py has 333 events a rep and month.
"""

import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from lib import *  # noqa: E402,F403 - the test library is made for this

A_MONTH = 333
STAGES = ["qualify", "discover", "propose", "negotiate"]


def team(reps):
    people = "".join(f"  - {{id: r{i}, name: Rep {i}, email: r{i}@example.com, team: west}}\n" for i in range(reps))
    return ("teams:\n  - {id: west, manager: dana, zone: Etc/UTC}\npeople:\n" + people +
            "  - {id: dana, name: Dana Okafor, role: manager, email: dana@example.com}\n")


def one_event(rep, n):
    deal = f"D{rep}-{n // 8}"
    if n % 8 == 0:
        return created(deal, f"r{rep}")
    if n % 2:
        return logged(deal, f"r{rep}", "call" if n % 4 == 1 else "meeting")
    return moved(deal, f"r{rep}", STAGES[n // 2 % 4])


def main():
    reps, events = (int(sys.argv[i]) if len(sys.argv) > i else wanted for i, wanted in ((2, 100), (3, 80)))
    with scratch() as folder:
        names = [one.stem for one in (source_folder() / "plugins").glob("*.yaml")]
        configure(folder, "chat:\n  platform: local\n", limits="limits: {hours: Mon-Sun 00:00-24:00, ramp: off}\n", people=team(reps),
                  pipeline=(source_folder() / "config/pipeline.yaml").read_text(), plugins=shipped(*names))
        gritd = Gritd(folder).wait_ready()
        gritd.stop()
        before = (folder / "gritd.db").stat().st_size
        gritd.restart()
        try:
            for n in range(events):
                for first in range(0, reps, 50):
                    gritd.take([one_event(rep, n) for rep in range(first, min(first + 50, reps))])
            gritd.stop()
            size = (folder / "gritd.db").stat().st_size - before
            rows = {name: gritd.store().rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("journal", "decision", "outbox", "state")}
        finally:
            gritd.kill()
    each = size / (reps * events)
    print(f"{reps} reps, {reps * events} events: {size / 1e6:.1f} MB, {each:.0f} bytes an event; rows {rows}")
    print("| reps | events a month | disk for each month kept |\n|---|---|---|")
    for count in (50, 500, 5000, 50000):
        print(f"| {count:,} | {count * A_MONTH:,} | {count * A_MONTH * each / 1e6:,.0f} MB |")


main()
