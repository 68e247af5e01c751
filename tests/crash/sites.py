"""sites.py: chat platforms as the crash tests see them: who is there, what was said, and how a daemon is told of them."""

import collections
import pathlib
import re
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from lib import *  # noqa: E402,F403 - the test library is made for this
import lib_mattermost as mattermost  # noqa: E402
import xmpp_servers  # noqa: E402
from xmpp_person import Person  # noqa: E402

ASKED = r"What has changed for Deal (\w+),"


def deals_in(texts, tag=""):
    """deal -> how many messages ask about it, of those whose name begins with the tag."""
    found = [found[1] for text in texts for found in [re.match(ASKED, text)] if found]
    return collections.Counter(one for one in found if one.startswith(tag))


class Slack:
    POST, LOOK_UP, RETRY_AFTER, TEXT, PLACE = "chat.postMessage", "conversations.history", 1, "text", "ts"
    env, tag = {}, ""

    def __init__(self, folder, port, reps):
        self.fake = Fake(folder, reps, quiet=True)
        # redeliveries as patient as the daemon is mortal
        self.fake.set(ack_deadline_ms=1000, redeliver_ms=[0] * 3)
        self.chat = slack_chat(self.fake.api, more="    messages_per_minute: 0\n")
        self.key_of, self.buttons_of = key_of, buttons_of

    def user(self, number):
        return f"U{number}"

    def user_of(self, message):
        return message["dm_user"]

    def press(self, user, message, button):
        """Whether it was acknowledged."""
        return "ack" in self.fake.try_act("click", user, ts=message["ts"], wait=True,
                                          action_id=buttons_of(message)[button]["action_id"])

    def answer(self, user, message, words):
        # the form is lost when the daemon dies before it opens: people press again
        self.press(user, message, "answer")
        view = next((one["view"] for one in reversed(self.fake.views()) if one["user"] == user and one["open"]
                     and key_of(message) in one["view"]["private_metadata"]), None)
        return view and "ack" in self.fake.try_act("submit", user, view_id=view["id"],
                                                   values={"answer": {"value": words}})

    def waits(self):
        """Something of the people is still on its way to the daemon."""
        return self.fake.stats()["envelopes_waiting"] > 0

    def requests(self):
        return self.fake.stats()["methods"]

    def stored(self):
        """How many messages there are."""
        return self.fake.stats()["posts_stored"]

    def asked(self):
        """What people find in the end: deal -> questions about it."""
        return deals_in(one[self.TEXT] for one in self.fake.messages() if self.key_of(one))

    def duplicates(self):
        return self.fake.stats()["duplicates"]

    def close(self):
        self.fake.kill()


class Mattermost(Slack):
    """The same; words said to a daemon that is dead are not delivered again: it has to read them."""

    POST, LOOK_UP, RETRY_AFTER, TEXT, PLACE = "posts.create", "posts.list", "1", "message", "id"
    env = {"GRITD_TEST_BOT": mattermost.TOKEN}

    def __init__(self, folder, port, reps):
        self.fake = mattermost.FakeMattermost(folder, reps)
        self.chat = mattermost.mattermost_chat(self.fake.url, actions=f"http://127.0.0.1:{port}/chat/mattermost",
                                               more="    messages_per_minute: 0\n")
        self.key_of, self.buttons_of = mattermost.key_of, mattermost.buttons_of
        self.users = {"d" + self.user(one)[1:]: self.user(one) for one in range(1, reps + 1)}

    def user(self, number):
        return mattermost.user_id(number)

    def user_of(self, message):
        return self.users.get(message["channel_id"])

    def press(self, user, message, button):
        got = self.fake.press(user, message, button)
        return got.get("ok") and got.get("answer") == {}

    def answer(self, user, message, words):
        key = self.key_of(message)
        if not self.press(user, message, "answer"):
            return False
        end = time.monotonic() + 1
        while time.monotonic() < end:
            dialogs = self.fake.dialogs()
            if dialogs and key in dialogs[-1]["dialog"]["state"]:
                got = self.fake.try_act("submit", user, values={"value": words})
                return got.get("ok") and got.get("answer") == {}
            time.sleep(0.01)
        return False

    def waits(self):
        return False

    def requests(self):
        log = self.fake.door("log")
        names = [one.get("path", "") for one in log if one.get("kind") == "http"]
        return {self.POST: sum(name.endswith("/posts") and "/channels/" not in name for name in names),
                self.LOOK_UP: sum(name.endswith("/posts") and "/channels/" in name for name in names)}


class Xmpp:
    """A real server, one for all runs of this process: each run has deals of its own, told apart by their tag.
    Nobody presses a button here."""

    servers, runs = {}, 0

    def __init__(self, folder, port, reps):
        if self.name not in self.servers:
            self.servers[self.name] = xmpp_servers.start(self.name)
        self.server = self.servers[self.name]
        Xmpp.runs += 1
        self.tag = f"R{Xmpp.runs}"
        self.env = {"GRITD_TEST_XMPP": self.server.accounts["gritbot"]}
        self.chat = (f"chat:\n  platform: xmpp\n  xmpp:\n    url: {self.server.ws}\n    jid: gritbot@{self.server.domain}\n"
                     "    password: env:GRITD_TEST_XMPP\n")
        self.people = [Person(self.server, f"rep{one}") for one in range(1, reps + 1)]

    def user(self, number):
        return f"rep{number}@{self.server.domain}"

    def stored(self):
        return sum(deals_in((one.text for person in self.people for one in person.said), self.tag).values())

    def asked(self):
        return deals_in((one.text for person in self.people for one in self.archive(person)), self.tag)

    def archive(self, person):
        return [one for one in person.archive() if one.sender.startswith("gritbot") and not one.corrects]

    def duplicates(self):
        keys = collections.Counter(one.id for person in self.people for one in self.archive(person))
        heard = collections.Counter(one.id for person in self.people for one in person.said)
        return [key for count in (keys, heard) for key, times in count.items() if times > 1]

    def close(self):
        for person in self.people:
            person.close()

    @classmethod
    def end(cls):
        for server in cls.servers.values():
            server.stop()


class Prosody(Xmpp):
    name = "prosody"


class Ejabberd(Xmpp):
    name = "ejabberd"


SITES = {"slack": Slack, "mattermost": Mattermost, "prosody": Prosody, "ejabberd": Ejabberd}
PRESSABLE = ("slack", "mattermost")  # those whose people press buttons


def site_of(name):
    """Ends the script with 77 where its server is not installed."""
    site = SITES[name]
    if issubclass(site, Xmpp) and not xmpp_servers.installed(name):
        print(f"skipped: {name} is not installed")
        sys.exit(MISSING)
    return site
