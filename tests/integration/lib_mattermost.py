"""lib_mattermost.py: the fake Mattermost as the workplace of a daemon under test."""

import contextlib

from lib import *  # noqa: F403 - the test library is made for this

TOKEN = "mm-test"
BOT = "b" * 26


def user_id(number):
    return "r" * 26 if number == 1 else f"user{number:022d}"


def people_file(text):
    """people.yaml with U1, U2 and so on as the fake's ids."""
    import re
    return re.sub(r"chat: U(\d+)", lambda found: f"chat: {user_id(int(found[1]))}", text)


class FakeMattermost(Process):
    def __init__(self, folder, users=3, quiet=False):
        command = [binary("fake_mattermost"), "--users", str(users)] + (["--quiet-log"] if quiet else [])
        super().__init__(command, pathlib.Path(folder) / "fake.log")
        line = until("the fake to listen", lambda: self.log().split("\n")[0] if "\n" in self.log() else None)
        self.port = int(line.rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def door(self, path, body=None):
        answer = http_call(self.port, "GET" if body is None else "POST", f"/_ctl/{path}", body)
        check(answer.status == 200, f"the fake's door refused {path} {body}: {answer}")
        return answer.json if answer.body else {}

    def set(self, **knobs):
        return self.door("set", knobs)

    def act(self, kind, user, **more):
        return self.door("user", {"type": kind, "user": user, **more})

    def try_act(self, kind, user, **more):
        """As act, but an error of the fake is an answer."""
        answer = http_call(self.port, "POST", "/_ctl/user", {"type": kind, "user": user, **more})
        return answer.json if answer.body else {}

    def register(self, trigger, url):
        """A slash command; returns the token that its calls will bear."""
        answer = http_call(self.port, "POST", "/api/v4/commands", {"team_id": "t" * 26, "trigger": trigger, "url": url},
                           {"Authorization": f"Bearer {TOKEN}"})
        return answer.json["token"]

    def stats(self):
        return self.door("stats")

    def messages(self, user=None):
        """All posts, or those in the direct channel with one person; oldest first."""
        query = f"?channel=d{user[1:]}" if user else ""
        return self.door(f"messages{query}")

    def from_bot(self, user=None):
        return [one for one in self.messages(user) if key_of(one) and not one["delete_at"]]

    def told(self, user):
        """What only that person saw, for a moment."""
        return [one["message"] for one in self.messages(user) if one.get("ephemeral")]

    def dialogs(self):
        return self.door("dialogs")

    def press(self, user, message, button, choice=None):
        return self.try_act("click", user, post=message["id"], action=buttons_of(message, choice)[button]["id"])

    def requests(self, path):
        return [one for one in self.door("log") if one.get("kind") == "http" and path in one.get("path", "")]


def key_of(message):
    return (message.get("props") or {}).get("gritd_k")


def buttons_of(message, choice=None):
    """button id -> action. choice: of a question with several, the one that says so."""
    found = {}
    for attachment in (message.get("props") or {}).get("attachments") or []:
        for action in attachment.get("actions") or []:
            context = action["integration"]["context"]
            if choice is None or "v" not in context or context["v"] == choice:
                found[context["b"]] = action
    return found


def mattermost_chat(url, token="env:GRITD_TEST_BOT", actions=None, more=""):
    return (f"chat:\n  platform: mattermost\n  mattermost:\n    url: {url}\n    token: {token}\n"
            + (f"    actions_url: {actions}\n" if actions else "") + more)


@contextlib.contextmanager
def office(users=3, knobs=None, start=True, buttons=True, people=PEOPLE, token=TOKEN, **config):
    """A fake Mattermost and a daemon that talks to it; both end with the block, the daemon cleanly."""
    with scratch() as folder:
        fake, gritd, port = FakeMattermost(folder, users), None, free_port()
        try:
            door = f"http://127.0.0.1:{port}/chat/mattermost"
            secret = fake.register("grit", door)
            if knobs:
                fake.set(**knobs)
            more = config.pop("more_chat", "") + "    command_token: env:GRITD_TEST_COMMAND\n"
            chat = config.pop("chat", None) or mattermost_chat(fake.url, actions=door if buttons else None, more=more)
            configure(folder, chat, people=people_file(people), listen=f"127.0.0.1:{port}", **config)
            gritd = Gritd(folder, env={"GRITD_TEST_BOT": token, "GRITD_TEST_COMMAND": secret})
            if start:
                gritd.wait_ready()
            yield fake, gritd
            if gritd.running():
                equal(gritd.stop(), 0, "exit code after SIGTERM")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer", token, secret):
                check(word not in gritd.log(), lambda: f"{word} in the log: {gritd.log()[-3000:]}")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()
