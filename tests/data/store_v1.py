"""store_v1.py BUILD_FOLDER SOURCE OUT.sql: has the last gritd of schema 1 write a store, and dumps it.

SOURCE is that gritd's source, with its plugins, sample configuration and test library; BUILD_FOLDER is where it
was built. docs/reliability.md ("Backups") tells how the file beside this one was made.
"""

import datetime
import pathlib
import re
import subprocess
import sys
import zoneinfo

sys.dont_write_bytecode = True
SOURCE = pathlib.Path(sys.argv[2]).resolve()
sys.path.insert(0, str(SOURCE / "tests/integration"))
from lib import *  # noqa: E402,F403 - the library of the old source
from local_chat import Chat, clock, move_clock  # noqa: E402

ZONE = zoneinfo.ZoneInfo("America/Denver")
# A year that no clock has reached: the local chat goes on where its store is, whenever the tests run.
START = datetime.datetime(2035, 3, 6, 10, tzinfo=ZONE)
PLUGINS = ("gps", "weekly", "two-sided-gates", "if-then", "stretch", "peer-talk", "purpose")
TABLES = ("journal", "state", "outbox", "decision")
KINDS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}  # all that schema 1 ever had


def settings(folder, plugins):
    """The sample configuration, with other plugins and without its hello."""
    text = (SOURCE / "config/try/gritd.yaml").read_text()
    text = re.sub(r"(?m)^plugins:.*", f"plugins: [{', '.join(plugins)}]", text)
    text = re.sub(r"(?m)^listen:.*", "listen: 127.0.0.1:0", text)
    write(folder, "gritd.yaml", text + NO_HELLO)
    for name in ("people.yaml", "pipeline.yaml"):
        write(folder, name, (SOURCE / "config/try" / name).read_text())
    for name in PLUGINS:
        write(folder, f"plugins/{name}.yaml", (SOURCE / f"plugins/{name}.yaml").read_text())


def at(day, hour, minute=0):
    return (START + datetime.timedelta(days=day)).replace(hour=hour, minute=minute).timestamp()


class Talk(Chat):
    """One person's chat, in whole exchanges."""

    def __init__(self, gritd, person):
        super().__init__(gritd, person)
        self.read = 0

    def said(self, words, *parts):
        """Says it, and waits for a message that has these parts."""
        before = len(self.messages())
        self.say(words)
        got = until(f"a reply to {words}", lambda: self.messages()[before:])
        check(all(part in got[0]["text"] for part in parts), f"{words}: {[one['text'] for one in got]}")

    def asked(self, *parts):
        return self.message(f"a message with {parts}", lambda one: one["buttons"] and
                            all(part in one["text"] for part in parts))

    def press(self, message, button, value=None):
        self.click(message, button, value)
        self.update(f"{button} of {message['text']}", message)


def to_the_start(gritd, folder):
    while clock(gritd) < START.timestamp():
        move_clock(gritd, min(START.timestamp(), clock(gritd) + 399 * 86400))
    settings(folder, [f"plugins/{name}.yaml" for name in PLUGINS])
    subprocess.run([binary("gritctl"), "--config", str(folder / "gritd.yaml"), "reload"], check=True)


def first_day(gritd, ana, ben, dana):
    """Deals, talks that took place, a plan, goals, coaching by the manager, and a look at somebody."""
    now = clock(gritd)
    for i, (rep, name) in enumerate((("ana", "Acme rollout"), ("ana", "Birchwood"), ("ben", "Calder Clinics"),
                                     ("ben", "Dovetail"), ("ben", "Eastgate"), ("ana", "Fenland"), ("ben", "Garland"))):
        gritd.take(created(f"D{i + 1}", rep, name, at=now - 7200 + i))
    ana.said("plan when I lose a deal, then I call Rosa", "call Rosa")
    ana.said("plan yes", "Kept")
    ana.said("goals 20 calls a week", "Noted as your own goal")
    ana.said("stretch", "")
    dana.said("ledger one-to-one Ana 30m", "one-to-one")
    dana.said("prepare ana", "one-to-one with Ana")
    gritd.take(*[logged("D1", "ana", "meeting", at=now - 3600 + i, outcome="completed") for i in range(5)])
    step = ana.message("a step", lambda one: any(b["id"] == "yes" for b in one["buttons"]))
    ana.press(step, "yes")
    gritd.take(moved("D1", "ana", "propose", at=now - 60))
    asked = ana.asked("Acme rollout", "Propose")
    ana.press(asked, "answer", "They asked who else should read it, \u201ctoday\u201d.")
    ana.said("share 1", "1")
    gritd.take(moved("D3", "ben", "propose", at=now - 30))
    ben.press(ben.asked("Calder Clinics"), "skip")


def losses(gritd, ana, ben):
    """Two lost deals, and two days later the offer of a talk with a colleague, which is taken."""
    for day, deal in ((1, "D4"), (2, "D5")):
        move_clock(gritd, at(day, 11))
        gritd.take(event("deal.lost", "ben", deal, at=at(day, 10, 50), **{"from": {"canonical": "discover"}}))
    move_clock(gritd, at(6, 15))
    offer = ben.message("the offer", lambda one: any(b["id"] == "yes" for b in one["buttons"]))
    ben.press(offer, "yes")
    other = ana.message("its other side", lambda one: one["text"].find("15 minutes") >= 0)
    ana.press(other, "no")


def answers(chat, moment, words):
    """To what came at that moment."""
    asked = until("what is asked", lambda: [one for one in chat.messages() if one["input"] and
                                            parse_utc(one["at"]) == moment])
    chat.press(asked[0], "answer", words)


def coin(gritd, ana, ben):
    """The first Thursday of April, at which a coin decides between two questions."""
    move_clock(gritd, at(13, 9, 30))
    for chat in (ana, ben):
        answers(chat, at(13, 9), "On Tuesday, and with the first line.")
    move_clock(gritd, at(30, 9, 5))
    check(len(gritd.store().states(8)) >= 2, "a coin for each")
    for chat in (ana, ben):
        answers(chat, at(30, 9), "The clinic's night shift.")


def last_day(gritd, ana, ben):
    """What is left open: a question put off, an open one, a talk in its middle, and one kept for the morning."""
    move_clock(gritd, at(35, 14))
    now = clock(gritd)
    gritd.take(moved("D2", "ana", "propose", at=now - 60), moved("D6", "ana", "propose", at=now - 50))
    later = ana.asked("Birchwood")
    ana.asked("Fenland")
    ana.said("gps", "week")
    goal = ana.messages()[-1]
    ana.press(goal, "answer", "A calm talk with the planners.")
    until("the next step", lambda: "Whose goal" in ana.messages()[-1]["text"])
    move_clock(gritd, at(35, 20))
    ana.press(later, "later")
    gritd.take(moved("D7", "ben", "propose", at=at(35, 19, 50)))
    until("what waits for the morning", lambda: len(gritd.store().states(4)) >= 2)
    until("all of it in the store", lambda: gritd.metrics()["gritd_store_rows_queued"] == 0)


def dump(path, out):
    link = sqlite3.connect(path)
    version = link.execute("PRAGMA user_version").fetchone()[0]
    application = link.execute("PRAGMA application_id").fetchone()[0]
    counts = {name: link.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in TABLES}
    kinds = {kind for (kind,) in link.execute("SELECT DISTINCT kind FROM state")}
    equal(version, 1, "schema")
    check(all(counts.values()) and kinds == KINDS, f"{counts}, without {KINDS - kinds}")
    link.close()
    text = subprocess.run(["sqlite3", str(path), ".dump"], capture_output=True, text=True, check=True).stdout
    out.write_text(f"PRAGMA application_id={application};\nPRAGMA user_version={version};\n"
                   + text.replace(str(path.parent) + "/", "/srv/gritd/"))
    print(counts, sorted(kinds))


with scratch() as home:
    settings(home, ("plugins/peer-talk.yaml",))  # which is silent without a lost deal
    daemon = Gritd(home).wait_ready()
    try:
        to_the_start(daemon, home)
        people = [Talk(daemon, name) for name in ("ana", "ben", "dana")]
        first_day(daemon, *people)
        losses(daemon, *people[:2])
        coin(daemon, *people[:2])
        last_day(daemon, *people[:2])
        equal(daemon.stop(), 0, "exit code")
        dump(home / "gritd.db", pathlib.Path(sys.argv[3]))
    finally:
        daemon.kill()
