"""lib.py: drives the real binaries from outside: gritd, the fake Slack, HTTP, a websocket, SQLite.

A script makes a Suite, hands it functions by @suite.case, and ends with suite.run(). Nothing here waits a
fixed time: until() asks again until a condition holds or a deadline passes. Standard library only.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

MISSING = 77  # exit code: something optional is not here
SLOW = float(os.environ.get("GRITD_TEST_SLOW", "1"))  # stretches deadlines on a slow or sanitized build
WAIT_S = 120 * SLOW  # only a test that fails anyway waits so long: the machine may be slow and busy
BOT_TOKEN = "xoxb-test"
APP_TOKEN = "xapp-1-test"
UTC_FORM = "%Y-%m-%dT%H:%M:%S"


class Failed(Exception):
    """What a test found wrong."""


def check(condition, why):
    if not condition:
        raise Failed(why() if callable(why) else why)


def equal(got, wanted, what):
    if got != wanted:
        raise Failed(f"{what}: {got!r}, not {wanted!r}")


def patience(limit):
    """Seconds to wait for what surely comes. `limit` is for what takes longer than most; a busy machine gets WAIT_S anyway."""
    return max(WAIT_S, (limit or 0) * SLOW)


def until(what, probe, limit=None, every=0.01):
    """The first true value of probe(). A promise of a time is no matter for `limit`: see within() and fastest()."""
    return within(what, probe, patience(limit), every)


def within(what, probe, limit, every=0.01):
    """The first true value of probe(); Failed after `limit` seconds."""
    end = time.monotonic() + limit
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > end:
            raise Failed(f"waited {limit:g} s for {what}")
        time.sleep(every)


def fastest(what, limit, run, again=lambda: None, tries=20):
    """A promise of how long something takes: one of some tries keeps it. That others take longer is the machine's doing;
    when none is fast enough it is ours. again() makes ready for one more."""
    taken = []
    while len(taken) < tries:
        if taken:
            again()
        begun = time.monotonic()
        run()
        taken.append(time.monotonic() - begun)
        if taken[-1] < limit * SLOW:
            return
    raise Failed(f"{what} took {min(taken):.2f} s at best, of {limit * SLOW:g} s")


def holds(what, probe, seconds):
    """Failed when probe() becomes true within `seconds`: for what must not happen."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = probe()
        if found:
            raise Failed(f"{what}: {found!r}")
        time.sleep(0.02)


def utc(seconds):
    return time.strftime(UTC_FORM, time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"


def parse_utc(text):
    import datetime
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


# --- the suite ---


class Suite:
    def __init__(self):
        self.cases = []
        self.passed = self.failed = 0

    def case(self, run):
        self.cases.append(run)
        return run

    def one(self, name, run):
        try:
            run()
        except (Failed, AssertionError) as error:
            self.failed += 1
            print(f"FAILED {name}: {error}", flush=True)
            return False
        except Exception as error:  # a broken test is a failed test, with the place
            import traceback
            self.failed += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            print(f"FAILED {name}: {type(error).__name__}: {error} ({place.name}, line {place.lineno})",
                  flush=True)
            return False
        self.passed += 1
        print(f"ok {name}", flush=True)
        return True

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed", flush=True)
        return 1 if self.failed or not self.passed else 0

    def run(self):
        """Runs all cases, or those whose name begins with one of the further arguments."""
        wanted = sys.argv[2:]
        for run in self.cases:
            name = run.__name__.replace("_", "-")
            if wanted and not any(name.startswith(one) for one in wanted):
                continue
            self.one(name, run)
        sys.exit(self.close())


def build_folder():
    if len(sys.argv) < 2:
        print(f"usage: {sys.argv[0]} BUILD_FOLDER", file=sys.stderr)
        sys.exit(2)
    return pathlib.Path(sys.argv[1]).resolve()


def binary(name):
    """A program of the build folder; ends the script with 77 when it was not built."""
    build = build_folder()
    for place in (build / name, build / "daemon" / name / name, build / "tests" / "fake" / name,
                  build / "fake" / name):
        if place.is_file() and os.access(place, os.X_OK):
            return str(place)
    print(f"skipped: {name} was not built")
    sys.exit(MISSING)


def source_folder():
    return pathlib.Path(__file__).resolve().parents[2]


@contextlib.contextmanager
def scratch():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gritd-test-"))
    try:
        yield folder
    finally:
        if os.environ.get("GRITD_TEST_KEEP"):
            print(f"kept {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)


def free_port():
    """A port that stays ours over restarts: below those that the system hands to clients."""
    for port in random.SystemRandom().sample(range(20000, 32000), 200):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise Failed("no port is free")


# --- HTTP ---


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.text[:300]}"


def http_call(port, method, path, body=None, headers=None, timeout=None):
    """One request over its own connection. OSError when there is no answer."""
    if body is not None and not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout or WAIT_S)
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before it was all sent
            link.request(method, path, body=body, headers=headers or {})
        answer = link.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    except (http.client.HTTPException, AttributeError) as error:  # the latter: it was closed while we sent
        raise OSError(f"{type(error).__name__}: {error}") from error
    finally:
        link.close()


# --- events ---

_serial = itertools.count(1)


def event(_type, rep=None, deal=None, at=None, id=None, source="/crm/generic/test", **data):
    """A structured CloudEvent. `deal` is its id or the whole object; more data by name."""
    one = {"specversion": "1.0", "id": id or f"e{next(_serial)}", "source": source, "type": f"gritd.{_type}",
           "time": utc(at if at is not None else time.time() - 1), "datacontenttype": "application/json"}
    if rep:
        one["repid"] = rep
    if deal is not None:
        one["data"] = {"deal": deal if isinstance(deal, dict) else {"id": deal}, **data}
        one["subject"] = "deal/" + one["data"]["deal"]["id"]
    else:
        one["data"] = data
    return one


def created(deal, rep, name=None, stage="discover", **more):
    whole = {"id": deal, "name": name or f"Deal {deal}", "account": "Acme Tools", "contact": "Priya Nair",
             "owner": rep, "amount": 48000, "currency": "USD", "stage": {"canonical": stage}}
    return event("deal.created", rep, whole, **more)


def moved(deal, rep, to, frm="discover", **more):
    return event("deal.stage_changed", rep, deal, **{"from": {"canonical": frm}}, to={"canonical": to}, **more)


def logged(deal, rep, kind="call", direction="outbound", **more):
    return event("activity.logged", rep, deal, kind=kind, direction=direction, **more)


CLOUDEVENT = {"Content-Type": "application/cloudevents+json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}


# --- processes ---


class Process:
    """A program whose output goes to a file."""

    def __init__(self, command, log, env=None, cwd=None):
        self.log_path = pathlib.Path(log)
        self.command, self.env, self.cwd = command, env, cwd
        self.spawn()

    def spawn(self):
        self.started_at = self.log_path.stat().st_size if self.log_path.exists() else 0
        with open(self.log_path, "ab") as out:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            env=self.env, cwd=self.cwd)

    @property
    def pid(self):
        return self.process.pid

    def log(self, whole=False):
        """What it wrote since this start; whole: since the file began."""
        with open(self.log_path, "rb") as file:
            file.seek(0 if whole else self.started_at)
            return file.read().decode("utf-8", "replace")

    def running(self):
        return self.process.poll() is None

    def signal(self, number):
        if self.running():
            self.process.send_signal(number)

    def wait(self, limit=None):
        limit = patience(limit)
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            raise Failed(f"process did not end within {limit:g} s") from None

    def kill(self):
        if self.running():
            self.process.kill()
        self.process.wait()

    def stop(self, limit=None):
        self.signal(signal.SIGTERM)
        return self.wait(limit)


def sandbox(folder, env=None):
    """With GRITD_TEST_SANDBOX set the daemon runs behind what the service unit forbids: see tests/sandbox. A library of
    faults is taken out of env and loaded into the daemon alone, not into what makes the sandbox around it."""
    if not os.environ.get("GRITD_TEST_SANDBOX"):
        return []
    tool, unit = source_folder() / "tests/sandbox/sandbox.py", source_folder() / "systemd/gritd.service"
    preload = (env or {}).pop("LD_PRELOAD", None)
    return [sys.executable, "-B", str(tool), str(unit), str(folder), *(["/usr/bin/env", f"LD_PRELOAD={preload}"] if preload else [])]


def asking_user():
    """Who we are to the daemon: in the sandbox root is a user of its own."""
    return 1000 if sandbox("") and not os.getuid() else os.getuid()


class Gritd(Process):
    """The daemon on the configuration in `folder`. wait_ready() before talking to it."""

    def __init__(self, folder, env=None, config="gritd.yaml", args=()):
        self.folder = pathlib.Path(folder)
        whole = {k: v for k, v in os.environ.items() if k not in ("CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET")}
        whole.update({"GRITD_TEST_BOT": BOT_TOKEN, "GRITD_TEST_APP": APP_TOKEN})
        for name, value in (env or {}).items():
            if value is None:
                whole.pop(name, None)
            else:
                whole[name] = value
        self._port = None
        super().__init__([*sandbox(self.folder, whole), binary("gritd"), "--config", str(self.folder / config), *args],
                         self.folder / "gritd.log", env=whole)

    @property
    def port(self):
        if self._port is None:
            self._port = until("gritd to listen", self._find_port, every=0.003)
        return self._port

    def _find_port(self):
        log = self.log()
        at = log.find("listening on http://")
        if at >= 0:
            return int(log[at:].split(",")[0].rsplit(":", 1)[1])
        if not self.running():
            raise Failed(f"gritd ended with {self.process.returncode}: {log.strip()[-600:]}")
        return None

    def call(self, method, path, body=None, headers=None, timeout=None):
        return http_call(self.port, method, path, body, headers, timeout)

    def get(self, path):
        return self.call("GET", path)

    def wait_ready(self):
        until("gritd to be ready", lambda: self.get("/readyz").status == 200, every=0.005)
        return self

    def post(self, one, headers=None, timeout=None):
        """An event, or a list of them as a batch."""
        return self.call("POST", "/v1/events", one,
                         headers or (BATCH if isinstance(one, list) else CLOUDEVENT), timeout)

    def take(self, *events):
        """Posts each, an event or a list of them as a batch, and wants its 202."""
        for one in events:
            answer = self.post(one)
            check(answer.status == 202, lambda: f"event {str(one)[:200]} was answered {answer}")

    def metrics(self):
        rows = {}
        for line in self.get("/metrics").text.splitlines():
            if not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                rows[name] = float(value) if "." in value else int(value)
        return rows

    def alive(self):
        """Up and answering."""
        answer = self.get("/healthz")
        check(self.running() and answer.status == 200, f"gritd is not well: {answer}")

    def control(self, command, **more):
        """One line over the control socket beside the store."""
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(WAIT_S)
            link.connect(str(self.folder / "control.sock"))
            link.sendall(json.dumps({"cmd": command, **more}).encode() + b"\n")
            got = b""
            while not got.endswith(b"\n"):
                part = link.recv(65536)
                if not part:
                    break
                got += part
        return json.loads(got)

    def restart(self):
        """Starts it again once it has ended, on the same store."""
        self.process.wait()
        self._port = None
        self.spawn()
        return self.wait_ready()

    def store(self):
        return Store(self.folder / "gritd.db")

    def forget_sign_ins(self):
        """The budget of sign-ins is one for days, and a test restarts more often. Only while it is down."""
        check(not self.running(), "it runs")
        with contextlib.closing(sqlite3.connect(self.folder / "gritd.db")) as link, link:
            link.execute("UPDATE state SET value = json_set(value, '$.full_at', 0) WHERE key GLOB 'chat *'")


class Fake(Process):
    """The fake Slack."""

    def close(self):
        self.kill()

    def __init__(self, folder, users=3, quiet=False):
        command = [binary("fake_slack"), "--users", str(users)] + (["--quiet-log"] if quiet else [])
        super().__init__(command, pathlib.Path(folder) / "fake.log")
        line = until("the fake to listen", lambda: self.log().split("\n")[0] if "\n" in self.log() else None)
        self.port = int(line.rsplit(":", 1)[1])
        self.api = f"http://127.0.0.1:{self.port}/api/"

    def door(self, path, body=None):
        answer = http_call(self.port, "GET" if body is None else "POST", f"/_ctl/{path}", body,
                           {"Content-Type": "application/json"})
        check(answer.status == 200, f"the fake's door refused {path} {body}: {answer}")
        return answer.json if answer.body else {}

    def set(self, **knobs):
        return self.door("set", knobs)

    def act(self, kind, user, **more):
        return self.door("user", {"type": kind, "user": user, **more})

    def try_act(self, kind, user, **more):
        """As act, but an error of the fake is an answer."""
        answer = http_call(self.port, "POST", "/_ctl/user", {"type": kind, "user": user, **more},
                           {"Content-Type": "application/json"})
        return answer.json if answer.body else {}

    def stats(self):
        return self.door("stats")

    def messages(self, user=None, channel=None):
        query = f"?user={user}" if user else f"?channel={channel}" if channel else ""
        got = self.door(f"messages{query}")
        return got["messages"] if isinstance(got, dict) else got

    def from_bot(self, user=None):
        """What the bot posted and nobody deleted, oldest first."""
        return [one for one in self.messages(user) if key_of(one) and not one.get("deleted")]

    def views(self):
        got = self.door("views")
        return got["views"] if isinstance(got, dict) else got

    def requests(self, method):
        got = self.door("log")
        got = got["log"] if isinstance(got, dict) else got
        return [one for one in got if one.get("kind") == "http" and method in json.dumps(one)]


def key_of(message):
    return ((message.get("metadata") or {}).get("event_payload") or {}).get("k")


def buttons_of(message):
    """button id -> element. Action ids are NN-button."""
    found = {}
    for block in message.get("blocks") or []:
        for element in block.get("elements") or [] if block.get("type") == "actions" else []:
            found[element["action_id"].split("-", 1)[1]] = element
    return found


# --- configuration ---

LIMITS_WIDE = """\
limits:
  ramp: off
  prompts_per_day: 1000
  prompts_per_family_per_week: 1000
  open_conversations: 1000
  cards_per_day: 1000
  praise_per_day: 1000
  back_off_after: 1000
  cool_off: false
  hours: Mon-Sun 00:00-24:00
  quiet_period: 1s
"""

PIPELINE = """\
stages:
  - {id: prospect, name: Prospect}
  - {id: qualify, name: Qualify}
  - {id: discover, name: Discover}
  - {id: propose, name: Propose}
  - {id: negotiate, name: Negotiate}
"""

PEOPLE = """\
teams:
  - {id: west, manager: dana, zone: America/Denver}
people:
  - {id: ana, name: Ana Ruiz, chat: U1, team: west}
  - {id: ben, name: Ben Osei, chat: U2, team: west}
  - {id: dana, name: Dana Okafor, role: manager, chat: U3}
"""

# One question for each deal that comes to Propose, and nothing that the clock brings.
ASKING = """\
plugin: asking
about: One question when a deal comes to Propose.
version: 1
area: opportunity
questions:
  words:
    kind: skill
    reader: rep
    answer: text
    text: "What has changed for {{deal.name}}, in their own words?"
rules:
  - rule: entered
    when: {event: deal.stage_changed, to: propose}
    ask: words
    reminders: false
    quiet: hold
"""


def write(folder, name, text):
    path = pathlib.Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def slack_chat(api, app="env:GRITD_TEST_APP", bot="env:GRITD_TEST_BOT", more=""):
    return (f"chat:\n  platform: slack\n  slack:\n    app_token: {app}\n    bot_token: {bot}\n"
            f"    api_url: {api}\n{more}")


NO_HELLO = "introduction: false\n"


def configure(folder, chat, limits=LIMITS_WIDE, people=PEOPLE, pipeline=PIPELINE, plugins=None, more="",
              listen="127.0.0.1:0", introduction=False):
    """Writes a whole configuration; plugins is {file name: text}, default ASKING. People have met the bot."""
    purpose = "" if "purpose:" in chat + limits + more else "purpose: coaching in a test\n"
    write(folder, "gritd.yaml",
          f"{chat}people: people.yaml\npipeline: pipeline.yaml\nplugins: [plugins]\nstore: sqlite:gritd.db\n"
          f"listen: {listen}\n{limits}{more}{purpose}{'' if introduction else NO_HELLO}")
    write(folder, "people.yaml", people)
    write(folder, "pipeline.yaml", pipeline)
    for name, text in ({"asking.yaml": ASKING} if plugins is None else plugins).items():
        write(folder, f"plugins/{name}", text)


def shipped(*names):
    """Plugins as they are delivered."""
    return {f"{name}.yaml": (source_folder() / "plugins" / f"{name}.yaml").read_text() for name in names}


# --- the store, read from beside ---

STATE_PERSON, STATE_DEAL, STATE_PROMPT = 1, 2, 3
OUTBOX = {1: "planned", 2: "intent", 3: "sent", 4: "unknown", 5: "retry", 6: "dead", 7: "expired",
          8: "cancelled"}


class Store:
    def __init__(self, path):
        self.path = path

    def rows(self, sql, *values):
        link = sqlite3.connect(f"file:{urllib.parse.quote(str(self.path))}?mode=ro", uri=True, timeout=WAIT_S)
        try:
            return link.execute(sql, values).fetchall()
        finally:
            link.close()

    def states(self, kind):
        return {key: json.loads(value)
                for key, value in self.rows("SELECT key, value FROM state WHERE kind = ?", kind)}

    def prompts(self):
        return self.states(STATE_PROMPT)

    def decisions(self):
        return [json.loads(line) for (line,) in self.rows("SELECT line FROM decision ORDER BY seq")]

    def outbox(self):
        return [{"key": key, "state": OUTBOX[state], "deal": deal, "rep": rep, "rule": rule, "id": place}
                for key, state, deal, rep, rule, place in
                self.rows("SELECT key, state, deal, rep, rule, platform_id FROM outbox ORDER BY seq")]

    def journal(self):
        return [json.loads(body) for (body,) in self.rows("SELECT body FROM journal ORDER BY seq")]


# --- websocket (RFC 6455), client side ---


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(f"{status} {text[:200]}")
        self.status = status


class WebSocket:
    """Text frames in and out; a thread reads, so that pings are answered while a test waits."""

    read = staticmethod(json.loads)  # of what comes in

    def __init__(self, port, path, subprotocol=None, origin=None, host=None, bearer=None):
        self.link = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        if subprotocol:
            lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
        if origin:
            lines.append(f"Origin: {origin}")
        if bearer:
            lines.append(f"Authorization: Bearer {bearer}")
        self.link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buffer = b""
        head = self._head()
        status = int(head.split(" ", 2)[1]) if head else 0
        if status != 101:
            self.link.close()
            raise Refused(status, head or "closed without an answer")
        self.headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        accept = base64.b64encode(hashlib.sha1(
            (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        check(self.headers.get("sec-websocket-accept") == accept.lower(), "wrong Sec-WebSocket-Accept")
        self.got, self.closed = [], None
        self.news = threading.Condition()
        self.link.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def _head(self):
        while b"\r\n\r\n" not in self.buffer:
            try:
                part = self.link.recv(4096)
            except OSError:
                part = b""
            if not part:
                return self.buffer.decode("latin-1")
            self.buffer += part
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        return head.decode("latin-1")

    def _exactly(self, count):
        while len(self.buffer) < count:
            part = self.link.recv(65536)
            if not part:
                raise ConnectionError("closed")
            self.buffer += part
        got, self.buffer = self.buffer[:count], self.buffer[count:]
        return got

    def _read(self):
        whole, code = b"", 1006
        try:
            while True:
                first, second = self._exactly(2)
                size = second & 127
                if size == 126:
                    size = struct.unpack(">H", self._exactly(2))[0]
                elif size == 127:
                    size = struct.unpack(">Q", self._exactly(8))[0]
                data = self._exactly(size)
                if first & 15 == 9:
                    self._send(10, data)
                elif first & 15 == 8:
                    code = struct.unpack(">H", data[:2])[0] if len(data) > 1 else 1005
                    with contextlib.suppress(OSError):
                        self._send(8, data[:2])
                    break
                elif first & 15 in (0, 1):
                    whole += data
                    if first & 128:
                        with self.news:
                            self.got.append(self.read(whole))
                            self.news.notify_all()
                        whole = b""
        except (OSError, ValueError):
            pass
        with self.news:
            self.closed = code
            self.news.notify_all()
        with contextlib.suppress(OSError):
            self.link.close()

    def _send(self, opcode, data):
        mask = os.urandom(4)
        size = len(data)
        head = bytes([128 | opcode])
        head += (bytes([128 | size]) if size < 126 else bytes([254]) + struct.pack(">H", size)
                 if size < 65536 else bytes([255]) + struct.pack(">Q", size))
        self.link.sendall(head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def send(self, value):
        self._send(1, (value if isinstance(value, str) else json.dumps(value)).encode())

    def frames(self, kind):
        with self.news:
            return [one for one in self.got if one.get("type") == kind]

    def wait_for(self, what, probe, limit=None):
        """The first frame for which probe(frame) is true."""
        return until(what, lambda: next((one for one in list(self.got) if probe(one)), None), limit)

    def close(self):
        with contextlib.suppress(OSError):
            self._send(8, struct.pack(">H", 1000))
            self.link.shutdown(socket.SHUT_WR)


# --- signatures ---


def sign_standard(secret, body, id="msg_1", at=None):
    """Headers of Standard Webhooks; `secret` is whsec_ + base64."""
    stamp = str(int(at if at is not None else time.time()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {"webhook-id": id, "webhook-timestamp": stamp,
            "webhook-signature": "v1," + base64.b64encode(mac).decode()}
