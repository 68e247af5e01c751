"""seeing.py BUILD_FOLDER [CASE...]: what an operator sees: figures, logs, readiness, `gritctl status --watch`, `gritctl drill`.
With promtool (Debian's package prometheus) in the path, or named by PROMTOOL, it looks at the figures and the alert rules too."""

import contextlib
import fcntl
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
PROMTOOL = os.environ.get("PROMTOOL") or shutil.which("promtool")
ROWS = re.findall(r'^METRIC\(\w+, "([a-z_:]+)", "(\w+)", "([a-z,]*)", "((?:[^"\\]|\\.)*)"\)$',
                  (source_folder() / "daemon/gritd/metric_list.h").read_text(), re.M)


@contextlib.contextmanager
def office(fake=None, env=None, command=(), **more):
    with scratch() as folder, contextlib.closing(fake or Fake(folder)) as slack:
        gritd = None
        try:
            configure(folder, slack_chat(slack.api), **more)
            gritd = Gritd(folder, env=env)
            yield slack, gritd, folder
        finally:
            if gritd:
                gritd.kill()


def gritctl(folder, *words, **more):
    return subprocess.run([binary("gritctl"), *words, "--config", folder / "gritd.yaml"], capture_output=True, text=True,
                          timeout=WAIT_S, **more)


def ask_one(fake, gritd, deal="D1", rep="ana", user="U1"):
    gritd.take(created(deal, rep), moved(deal, rep, "propose"))
    return until("the question", lambda: fake.from_bot(user))


# --- figures ---


@suite.case
def every_figure_of_the_table_is_there_and_no_other():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        ask_one(fake, gritd)
        gritd.take(moved("D1", "ana", "propose", at=time.time() - 100000))  # too late to be decided
        text = gritd.get("/metrics").text
        if PROMTOOL:
            ran = subprocess.run([PROMTOOL, "check", "metrics"], input=text, capture_output=True, text=True, timeout=WAIT_S)
            equal((ran.returncode, ran.stdout + ran.stderr), (0, ""), "promtool check metrics")
        equal(re.findall(r"^# HELP (\S+) (.*)$", text, re.M), [(name, what) for name, _, _, what in ROWS], "names and texts")
        equal(re.findall(r"^# TYPE (\S+) (\w+)$", text, re.M), [(name, kind) for name, kind, _, _ in ROWS], "types")
        labels = {name: "le" if kind == "histogram" else label for name, kind, label, _ in ROWS}
        for name, inner in re.findall(r"^([a-z_]+?)(?:_bucket)?\{([^}]*)\} ", text, re.M):
            pairs = re.findall(r'(\w+)="([^"]*)"', inner)
            equal(",".join(one for one, _ in pairs), labels[name], f"the labels of {name}")
            for one, value in pairs:
                check(re.fullmatch(r"[a-z0-9_.+Inf]+", value), f"{name}: {one} is {value!r}")
        for word in ("ana", "Ruiz", "U1", "D1", "Acme", "west", "dana"):
            check(not re.search(rf"\b{word}\b", text), f"{word} is in the figures")
        figures = gritd.metrics()
        equal(figures["gritd_events_total"] >= 3, True, "events")
        equal(figures['gritd_rule_decisions_total{outcome="sent"}'], 1, "rules that fired")
        equal(figures['gritd_chat_results_total{outcome="sent"}'], 1, "messages that are there")
        equal(figures['gritd_chat_connected{platform="slack"}'], 1, "connected")
        check(figures["gritd_store_commit_seconds_count"] > 0 and figures["gritd_loop_busy_seconds_count"] > 0, "histograms")
        check(figures['gritd_store_disk_bytes{file="database"}'] >= 4096 and figures["gritd_store_free_bytes"] > 0, "the disk")
        equal(figures['gritd_store_commit_seconds_bucket{le="+Inf"}'], figures["gritd_store_commit_seconds_count"], "+Inf")
        check(10 < figures["process_open_fds"] < figures["process_max_fds"], "files")
        check(figures["process_resident_memory_bytes"] > 1e6 and figures["process_cpu_seconds_total"] > 0, "the process")
        now = time.time()
        check(now - 100 < figures["process_start_time_seconds"] <= now, "the start")
        equal(figures['gritd_not_ready{reason="chat"}'], 0, "not ready")


@suite.case
def alert_rules_hold_in_prometheus():
    if not PROMTOOL:
        print("not played: promtool is not here")
        return
    rules = source_folder() / "config/monitoring"
    for words in (["check", "rules", "alerts.yaml"], ["test", "rules", "alerts-test.yaml"]):
        ran = subprocess.run([PROMTOOL, *words], cwd=rules, capture_output=True, text=True, timeout=WAIT_S)
        equal(ran.returncode, 0, f"promtool {words}: {ran.stdout} {ran.stderr}")


# --- readiness ---


@suite.case
def each_reason_is_a_word_and_a_sentence():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        equal(gritd.get("/healthz").json, {"status": "alive"}, "/healthz")
        equal(gritd.get("/readyz").json, {"status": "ready"}, "/readyz")
        fake.kill()
        write(folder, "people.yaml", "people: [\n")
        gritd.signal(signal.SIGHUP)
        answer = until("both reasons", lambda: (lambda got: got if len(got.json.get("reasons", [])) == 2 else None)(gritd.get("/readyz")))
        equal((answer.status, answer.headers["content-type"]), (503, "application/problem+json"), "the answer")
        equal([one["reason"] for one in answer.json["reasons"]], ["chat", "config"], "reasons")
        check("not connected to the chat platform" in answer.json["reasons"][0]["text"], answer.text)
        check("people.yaml:" in answer.json["reasons"][1]["text"], answer.text)
        equal(answer.json["detail"], answer.json["reasons"][0]["text"], "detail")
        figures = gritd.metrics()
        equal((figures["gritd_up"], figures['gritd_not_ready{reason="chat"}'], figures['gritd_not_ready{reason="config"}'],
               figures['gritd_not_ready{reason="store"}']), (0, 1, 1, 0), "figures")
        equal(gritd.get("/healthz").status, 200, "alive all the same")


# --- logs ---


CANARIES = ["Canarina", "canary@example", "Canarydeal", "Canaryaccount", "Canarycontact", "canaryanswer", "canarybody",
            "canarybearer", "canarysecret", "canarypurpose", "canarytext"]
CANARY_PEOPLE = PEOPLE.replace("name: Ana Ruiz", "name: Canarina Ruiz, email: canary@example.com")


class Journal:
    """A journal's socket; gritd sees it in its own view of the file system."""

    def __init__(self, folder):
        self.folder = folder / "journal"
        self.folder.mkdir()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.folder / "socket"))
        self.got = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        while True:
            with contextlib.suppress(OSError):
                part = self.socket.recv(65536)
                if part == b"stop":
                    return
                self.got.append(part.decode("utf-8", "replace"))

    def close(self):
        self.socket.close()


INSIDE = 'mount -t tmpfs none /run && mkdir -p /run/systemd/journal && mount --bind "$0" /run/systemd/journal && exec "$@"'


class WithJournal(Gritd):
    journal = None

    def spawn(self):
        if self.journal and self.command[0] != "unshare":
            self.command = ["unshare", "-m", "sh", "-c", INSIDE, str(self.journal.folder), *self.command]
        super().spawn()


def can_unshare(folder):
    return subprocess.run(["unshare", "-m", "sh", "-c", INSIDE, str(folder), "true"], capture_output=True).returncode == 0


def live(fake, gritd, folder):
    """A life in which each part of the daemon has something to log, with canaries wherever words can stand."""
    def post(body, **headers):
        return gritd.call("POST", "/v1/events", body, {"Content-Type": "application/cloudevents+json", **headers})
    sign = {"Authorization": "Bearer canarysecret-canarysecret-canarysecret"}
    deal = {"id": "D1", "name": "Canarydeal", "account": "Canaryaccount", "contact": "Canarycontact", "owner": "ana",
            "amount": 1, "currency": "USD", "stage": {"canonical": "discover"}}
    for one in (event("deal.created", "ana", deal), moved("D1", "ana", "propose")):
        equal(post(one, **sign).status, 202, "an event")
    equal(post(event("deal.created", "ana", deal), Authorization="Bearer canarybearer").status, 401, "a wrong secret")
    equal(post('{"canarybody": ', **sign).status, 400, "no JSON")
    equal(gritd.call("POST", "/v1/intake/canarybody", "x").status, 404, "no intake")
    gritd.call("GET", "/canarybody?token=canarysecret")
    gritd.call("GET", "/sign-in?token=canarysecret")
    until("the question", lambda: fake.from_bot("U1"))
    fake.act("say", "U1", text="canaryanswer to that")
    fake.act("say", "U1", text="page")
    fake.set(fail_before_store={"method": "chat.postMessage", "status": "channel_not_found", "count": 1})
    fake.act("say", "U1", text="canaryanswer privacy")
    gritd.control("drill", rep="ben")
    gritd.control("pause", rep="ana")
    write(folder, "people.yaml", CANARY_PEOPLE + "  - {idd: canarybody}\n")
    gritd.control("reload")
    write(folder, "people.yaml", CANARY_PEOPLE)
    gritd.control("reload")
    gritd.control("erase", rep="ana")
    until("the erasure", lambda: not gritd.control("erasing", rep="ana").get("erasing"), 40)
    fake.set(revoke="token_revoked")
    fake.act("say", "U2", text="privacy")
    until("the refusal", lambda: gritd.get("/readyz").status == 503)


def logged_by(form):
    """What gritd wrote in this form, over such a life; None: not to be had here."""
    with scratch() as folder, contextlib.closing(Fake(folder)) as fake:
        journal = Journal(folder) if form == "journal" else None
        if journal and not can_unshare(journal.folder):
            print("not played: the journal (no right to mount)")
            return None
        WithJournal.journal = journal
        configure(folder, slack_chat(fake.api, bot="file:bot"), people=CANARY_PEOPLE,
                  plugins={"asking.yaml": ASKING.replace("What has changed", "Canarytext: what has changed")},
                  more=f"log: {{level: debug, format: {form}}}\nintake:\n  - {{name: crm, kind: cloudevents, "
                  "verify: bearer, secret: \"env:CANARY\"}\npurpose: canarypurpose\n")
        write(folder, "bot", BOT_TOKEN + "\n").chmod(0o600)
        gritd = WithJournal(folder, env={"CANARY": "canarysecret-canarysecret-canarysecret"})
        try:
            if journal:
                until("its first lines", lambda: any("listening on" in one for one in journal.got))
                line = next(one for one in journal.got if "listening on" in one)
                gritd._port = int(line.split("listening on http://")[1].split(",")[0].rsplit(":", 1)[1])
            gritd.wait_ready()
            live(fake, gritd, folder)
            equal(gritd.stop(), 0, "exit code")
            if journal:
                until("the last line", lambda: any("stopped" in one for one in journal.got))
                equal(gritd.log(), "", "beside the journal")
            return journal.got if journal else gritd.log().splitlines()
        finally:
            gritd.kill()


def no_canaries(lines):
    check(len(lines) > 8, f"it says little: {lines}")
    for line in lines:
        for word in [*CANARIES, BOT_TOKEN, APP_TOKEN]:
            check(word.lower() not in line.lower(), f"{word} is in the log: {line}")


@suite.case
def no_word_and_no_secret_is_in_the_log_as_text():
    lines = logged_by("text")
    no_canaries(lines)
    for line in lines:
        check(re.match(r"\d{4}-\d\d-\d\dT[0-9:.]+Z (error|warning|info|debug) +[a-z]+: ", line), f"not a line: {line}")


@suite.case
def no_word_and_no_secret_is_in_the_log_as_json():
    lines = logged_by("json")
    no_canaries(lines)
    for line in lines:
        one = json.loads(line)
        equal(list(one), ["at", "level", "area", "text"], "fields")
        check(one["level"] in ("error", "warning", "info", "debug") and re.fullmatch("[a-z]+", one["area"]), line)


@suite.case
def no_word_and_no_secret_is_in_the_log_as_journal_fields():
    lines = logged_by("journal")
    if lines is None:
        return
    no_canaries(lines)
    for one in lines:
        fields = dict(line.split("=", 1) for line in one.splitlines() if "=" in line)
        check(fields["PRIORITY"] in "3467" and re.fullmatch("[a-z]+", fields["GRITD_AREA"]) and fields["MESSAGE"], one)
        equal(fields["SYSLOG_IDENTIFIER"], "gritd", "who says it")


@suite.case
def what_comes_from_outside_makes_no_lines_of_its_own():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        with socket.create_connection(("127.0.0.1", gritd.port)) as link:
            link.sendall(b"POST /v1/intake/x%0A2026-11-22T00:00:00Z%20error%20store:%20forged HTTP/1.1\r\nHost: x\r\n"
                         b"Content-Length: 0\r\nConnection: close\r\n\r\n")
            link.recv(4096)
        for line in gritd.log().splitlines():
            check(not line.startswith("2026-11-22T00:00:00Z error"), f"forged: {line}")


# --- gritctl drill ---


@suite.case
def a_drill_tells_each_step():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        ran = gritctl(folder, "drill", "--rep", "ana")
        steps = [re.sub(r"^ *[0-9]+\.[0-9]{3} s  ", "", line) for line in ran.stdout.splitlines()]
        equal((ran.returncode, steps), (0, ["taken: a test message to ana", "durable in the store", "handed to slack",
                                            "slack has it", "fine: ana has the test message"]), f"steps ({ran.stderr})")
        (message,) = fake.from_bot("U1")
        check(message["text"].startswith("This is a test: "), f"the message: {message}")
        one = json.loads(gritctl(folder, "drill", "--rep", "ana@none", "--json").stdout or '{"ok": false}')
        equal(one["ok"], False, "nobody")
        one = json.loads(gritctl(folder, "drill", "--rep", "ben", "--json").stdout)
        equal((one["ended"], one["outcome"]), (True, "sent"), "as JSON")
        check(one["taken"] <= one["durable"] <= one["left"] <= one["answered"], f"times: {one}")


@suite.case
def a_drill_that_fails_says_why():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        fake.set(fail_before_store={"method": "chat.postMessage", "status": "channel_not_found", "count": 1})
        ran = gritctl(folder, "drill", "--rep", "ana")
        equal(ran.returncode, 1, "exit code")
        check("slack refused it" in ran.stdout and "channel_not_found" in ran.stderr, f"{ran.stdout} {ran.stderr}")
        fake.kill()
        until("the loss", lambda: gritd.get("/readyz").status == 503)
        ran = gritctl(folder, "drill", "--rep", "ben", "--wait", "1s")
        equal(ran.returncode, 1, "exit code")
        check("waits: not connected to the chat platform" in ran.stdout, f"{ran.stdout} {ran.stderr}")
        gritd.kill()
        equal(gritctl(folder, "drill", "--rep", "ben").returncode, 69, "without a daemon")


@suite.case
def a_drill_outside_of_working_hours_waits_and_says_until_when():
    tomorrow = time.strftime("%a", time.gmtime(time.time() + 2 * 86400))
    with office(limits=LIMITS_WIDE.replace("Mon-Sun 00:00-24:00", f"{tomorrow} 09:00-10:00")) as (fake, gritd, folder):
        gritd.wait_ready()
        until("the directory", lambda: gritd.metrics()["gritd_people"] == 3)
        ran = gritctl(folder, "drill", "--rep", "ana")
        equal(ran.returncode, 1, "exit code")
        check(re.search(r"waits: outside working hours, until \d{4}-\d\d-\d\dT", ran.stdout), f"{ran.stdout} {ran.stderr}")
        equal(fake.from_bot("U1"), [], "nobody was written to")


# --- gritctl status --watch ---


class Terminal:
    def __init__(self, folder, rows, columns):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen([binary("gritctl"), "status", "--watch", "--config", folder / "gritd.yaml"],
                                        stdin=slave, stdout=slave, stderr=slave, start_new_session=True)
        self.seen = ""

    def read(self):
        while select.select([self.master], [], [], 0)[0]:
            self.seen += os.read(self.master, 65536).decode()
        return self.seen

    def end(self):
        code = self.process.wait(WAIT_S)
        self.read()
        equal(termios.tcgetattr(self.slave), self.before, "the terminal's settings")
        os.close(self.slave)
        os.close(self.master)
        return code


@suite.case
def a_watch_draws_in_place_and_ends_by_q():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        terminal = Terminal(folder, 12, 30)
        until("two pictures", lambda: terminal.read().count("\x1b[H") >= 2)
        os.write(terminal.master, b"q")
        equal(terminal.end(), 0, "exit code")
        seen = terminal.seen
        check(seen.startswith("\x1b[?1049h") and seen.endswith("\x1b[?25h\x1b[?1049l"), "the screen is put back")
        check("\x1b[2J" not in seen, "it clears the screen: that flickers")
        picture = seen.split("\x1b[H")[1]
        lines = re.sub(r"\x1b\[[?0-9]*[A-Za-z]", "", picture).split("\r\n")
        check(len(lines) <= 12 and max(map(len, lines)) <= 30, f"it does not fit: {lines}")
        check("version" in lines[0] and lines[-1] == "q ends", f"the picture: {lines}")


@suite.case
def a_watch_outlives_the_daemon_and_ends_by_ctrl_c():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        terminal = Terminal(folder, 50, 100)
        until("a picture", lambda: "version" in terminal.read())
        gritd.kill()
        until("that it is gone", lambda: "gritd is not reachable" in terminal.read())
        terminal.process.send_signal(signal.SIGINT)
        equal(terminal.end(), 0, "exit code")


@suite.case
def a_watch_into_a_pipe_prints_plain_lines():
    with office() as (fake, gritd, folder):
        gritd.wait_ready()
        for more in ([], ["--json"]):
            with subprocess.Popen([binary("gritctl"), "status", "--watch", *more, "--config", folder / "gritd.yaml"],
                                  stdout=subprocess.PIPE, text=True) as ran:
                lines = []
                while sum("version" in line for line in lines) < 2:
                    lines.append(ran.stdout.readline())
                ran.send_signal(signal.SIGTERM)
                lines += ran.stdout.readlines()
                equal(ran.wait(WAIT_S), 0, "exit code")
            check("\x1b" not in "".join(lines), "plain lines")
            check(all(json.loads(line)["ok"] for line in lines) if more else "\n" in lines, f"lines: {lines}")


suite.run()
