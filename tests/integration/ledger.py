"""ledger.py BUILD_FOLDER [CASE...]: a manager's coaching from the calendar to the chat, a restart and the export."""

import contextlib
import subprocess
import sys
import urllib.parse

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
PEOPLE = """\
expectations: {managers: A one-to-one with everybody every two weeks}
teams:
  - {id: west, manager: dana, zone: UTC}
people:
  - {id: ana, name: Ana Ruiz, team: west, zone: UTC, crm: [ana@example.com]}
  - {id: ben, name: Ben Osei, team: west, zone: UTC}
  - {id: dana, name: Dana Okafor, role: manager, zone: UTC}
"""


class Chat(WebSocket):
    def __init__(self, gritd, person):
        where = urllib.parse.urlsplit(gritd.get("/try/where").json["socket"])
        super().__init__(where.port, f"{where.path}?as={person}", subprotocol="gritd-local")

    def reply(self, text):
        """What comes back for these words."""
        before = len(self.frames("message"))
        self.send({"type": "say", "text": text})
        self.wait_for(f"a reply to {text}", lambda one: len(self.frames("message")) > before)
        return self.frames("message")[-1]["text"]


@contextlib.contextmanager
def daemon():
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", people=PEOPLE,
                  plugins={name: (source_folder() / "plugins" / name).read_text()
                           for name in ("one-to-one.yaml", "manager-week.yaml", "manager-track.yaml")})
        gritd = Gritd(folder)
        try:
            yield gritd.wait_ready()
            equal(gritd.stop(), 0, "exit code after SIGTERM")
        finally:
            gritd.kill()


def clock(gritd):
    return parse_utc(gritd.get("/try/where").json["now"])


def met(rep, with_whom, at, **data):
    one = event("activity.logged", rep, at=at, kind="meeting", **{"with": with_whom}, **data)
    return {**one, "subject": f"activity/{one['id']}"}


def export(gritd, *words):
    got = subprocess.run([binary("gritctl"), "--config", str(gritd.folder / "gritd.yaml"), "ledger", *words],
                         capture_output=True, text=True, timeout=WAIT_S)
    equal(got.returncode, 0, f"exit code of ledger: {got.stderr}")
    return got.stdout.splitlines()


@suite.case
def calendar_becomes_the_ledger_and_the_export():
    """A14 and B50 through the whole daemon: intake, chat, a restart, the table."""
    with daemon() as gritd:
        now = clock(gritd)
        gritd.take(met("dana", "ana", now - 300, topic="one_to_one", duration_s=1800),
                   met("ben", "dana", now - 200, duration_s=1500),
                   met("dana", "ana@example.com", now - 100, topic="Call review", duration_s=600),
                   met("ana", "ben", now - 90, duration_s=600))
        with contextlib.closing(Chat(gritd, "dana")) as chat:
            text = chat.reply("ledger")
            check("This week: 2 one-to-ones, 1 call review; 65 minutes." in text, text)
            check("one-to-one with Ana Ruiz, 20 minutes" in chat.reply("ledger one-to-one Ana 20m"), "by hand")
        gritd.stop()
        gritd.restart()
        with contextlib.closing(Chat(gritd, "dana")) as chat:
            text = chat.reply("ledger")
            check("This week: 3 one-to-ones, 1 call review; 85 minutes." in text, text)
        lines = export(gritd)
        equal(lines[0], "manager,act,planned,held,minutes,called_off", "the head of the table")
        equal(sorted(line.split(",")[1] + " " + line.split(",")[4] for line in lines[1:]),
              ["call_review 10", "one_to_one 20", "one_to_one 25", "one_to_one 30"], "the rows of the table")
        check(not any(name in line for line in lines for name in (",ana", "Ana", "ben")), lines)
        equal(len(export(gritd, "--to", utc(now - 150))), 3, "rows up to then, and the head")


@suite.case
def words_of_managers_and_of_everybody():
    with daemon() as gritd:
        with contextlib.closing(Chat(gritd, "dana")) as dana, contextlib.closing(Chat(gritd, "ana")) as ana:
            check("• Ana Ruiz: here\n• Ben Osei: here" in dana.reply("team"), "the team")
            check("For your next one-to-one with Ana Ruiz." in dana.reply("prepare ana"), "the card")
            check("nothing from me to your team (2) until" in dana.reply("pause team 2d"), "silence")
            check("Your team hears from me again." in dana.reply("resume team"), "the end of it")
            check("; pause team 2d; " in dana.reply("help"), "help of a manager")
            check("“team” is for managers." in ana.reply("team"), "a rep's team")
            check("“pause team” is for managers." in ana.reply("pause team 2d"), "a rep's pause of the team")
            check("pause team" not in ana.reply("help"), "help of a rep")
            check("• Dana Okafor: " in ana.reply("leaders"), "leaders")
            check("Of managers:\n• A one-to-one with everybody every two weeks" in ana.reply("expectations"), "B35")


suite.run()
