"""What the benchmarks have in common: configurations, gritd and the fake Slack as processes, and
what they used. Standard library only."""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request

TICK = os.sysconf("SC_CLK_TCK")
STAGES = ["prospect", "qualify", "discover", "propose", "negotiate"]
BANDS = 10

GRITD_YAML = """chat:
  platform: slack
  slack:
    app_token: env:BENCH_APP_TOKEN
    bot_token: env:BENCH_BOT_TOKEN
    api_url: {api}
    messages_per_minute: 0
people: people.yaml
pipeline: pipeline.yaml
plugins: [plugins]
store: sqlite:gritd.db
listen: 127.0.0.1:0
purpose: coaching in a benchmark
introduction: false
limits:
  ramp: off
  prompts_per_day: 1000
  prompts_per_family_per_week: 1000
  open_conversations: 1000
  back_off_after: 1000
  cool_off: false
  hours: Mon-Sun 00:00-24:00
log: {{level: info, format: text}}
"""


def write_rules(folder, count=50):
    """`count` rules; 50 of them (or 20) are about the event that the load generator sends, each for
    one stage and one band of amounts, so that one matches (an amount below all bands: none)."""
    bands = BANDS if count == 50 else 4
    rules = []
    for stage in STAGES:
        for band in range(bands):
            low = 1000 * (band + 1) if bands == BANDS else 2500 * band + 1000
            high = low + (1000 if bands == BANDS else 2500)
            name = f"{stage}-{band}"
            body = (f"  - rule: {name}\n    when: {{event: deal.stage_changed, to: {stage}}}\n"
                    f"    if:\n      deal.amount: {{at_least: {low}, under: {high}}}\n"
                    f"    reminders: false\n")
            if band % 2:
                body += f"    ask: next-{stage}\n"
            else:
                body += f"    tell: \"{{{{deal.name}}}} moved to {stage}. Well walked so far.\"\n"
            rules.append(body)
    events = ["activity.logged", "gate.completed", "deal.won", "training.completed"]
    for extra in range(count - len(rules)):
        rules.append(f"  - rule: other-{extra}\n    when: {events[extra % len(events)]}\n"
                     f"    if:\n      deal.amount: {{at_least: {extra}}}\n"
                     f"    tell: \"Noted for {{{{deal.name}}}}.\"\n")
    questions = "".join(
        f"  next-{stage}:\n    kind: activity\n    reader: rep\n    answer: text\n"
        f"    text: \"{{{{deal.name}}}} is now in {stage}. What is the first small step for you?\"\n"
        for stage in STAGES)
    os.makedirs(folder)
    for part in range(0, len(rules), 500):
        with open(f"{folder}/bench-{part}.yaml", "w", encoding="utf-8") as file:
            file.write(f"plugin: bench-{part}\nabout: Rules for measuring.\nversion: 1\n"
                       "area: opportunity\n")
            if part == 0:
                file.write("questions:\n" + questions)
            file.write("rules:\n" + "".join(rules[part:part + 500]))


# Twenty signals, of every kind.
SIGNALS = [
    "{count: activity.logged}", "{count: activity.logged, window: 1w}",
    "{count: activity.logged, kind: call, window: 2w}", "{count: deal.lost}",
    "{count: activity.logged, direction: inbound, window: 30d}",
    "{sum: activity.logged, of: duration, kind: call, window: 1w}",
    "{sum: activity.logged, of: duration}", "{distinct: activity.logged, window: 2w}",
    "{count: activity.logged, since: deal.lost}",
    "{count: activity.logged, kind: call, since: deal.lost, within: 48h}",
    "{streak: activity.logged, at_least: 5 per working_day}",
    "{streak: activity.logged, at_least: 1 per working_day}",
    "{gap: activity.logged/inbound}", "{gap: deal.lost}",
    "{time_from: deal.lost, to: activity.logged}",
    "{time_from: deal.lost, to: activity.logged/outbound, compare: own_baseline}",
    "{ratio: {count: activity.logged, window: 1w}, to: {mean_of: 6 weeks}}",
    "{ratio: {sum: activity.logged, of: duration}, to: {mean_of: 8 weeks}}",
    "{trend: {count: activity.logged, kind: call}, over: 6 weeks}",
    "{count: activity.logged, direction: outbound, per: deal, since: activity.logged/inbound}",
]


def never(signal):
    """More than it can be; gaps and times are lengths."""
    return "3600d" if "gap:" in signal or signal.endswith("to: activity.logged}") else 1000000


def write_signals(folder, count):
    """`count` rules; 20 of them are about activities, each with a signal of its own that is never so
    large: all are worked out, none speaks."""
    os.makedirs(folder)
    signals = "".join(f"  s{n}: {text}\n" for n, text in enumerate(SIGNALS))
    rules = [f"  - rule: signal-{n}\n    when: activity.logged\n"
             f"    if: {{signal.s{n}: {{at_least: {never(text)}}}}}\n"
             f"    tell: \"Noted.\"\n" for n, text in enumerate(SIGNALS)]
    events = ["deal.stage_changed", "gate.completed", "deal.won", "training.completed"]
    rules += [f"  - rule: other-{n}\n    when: {events[n % len(events)]}\n"
              f"    tell: \"Noted.\"\n" for n in range(count - len(rules))]
    for part in range(0, len(rules), 500):
        with open(f"{folder}/bench-{part}.yaml", "w", encoding="utf-8") as file:
            file.write(f"plugin: bench-{part}\nabout: Rules for measuring.\nversion: 1\n"
                       "area: opportunity\n" + ("signals:\n" + signals if part == 0 else "") +
                       "rules:\n" + "".join(rules[part:part + 500]))


def write_schedule(folder, cron):
    os.makedirs(folder)
    with open(f"{folder}/monday.yaml", "w", encoding="utf-8") as file:
        file.write("plugin: monday\nabout: One question a week.\nversion: 1\narea: skill\n"
                   "questions:\n  plan:\n    kind: activity\n    reader: rep\n    answer: text\n"
                   "    text: \"A new week, {{rep.first_name}}. What will you begin with?\"\n"
                   f"rules:\n  - rule: monday\n    cron: \"{cron}\"\n    ask: plan\n"
                   "    reminders: false\n")


def write_people(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write("people:\n")
        for n in range(count):
            file.write(f"  - {{id: rep{n}, name: Rep Number{n}, email: rep{n}@example.org, "
                       f"chat: U{n + 1}, crm: [crm{n}], zone: UTC}}\n")


def write_config(folder, reps, api="http://127.0.0.1:9/api/", rules=50, cron=None,
                 signals=False):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/gritd.yaml", "w", encoding="utf-8") as file:
        file.write(GRITD_YAML.format(api=api))
    with open(f"{folder}/pipeline.yaml", "w", encoding="utf-8") as file:
        file.write("stages:\n")
        for stage in STAGES:
            file.write(f"  - id: {stage}\n    name: {stage.capitalize()}\n    crm: [\"{stage} x\"]\n")
    write_people(f"{folder}/people.yaml", reps)
    shutil.rmtree(f"{folder}/plugins", ignore_errors=True)
    if cron:
        write_schedule(f"{folder}/plugins", cron)
    elif signals:
        write_signals(f"{folder}/plugins", rules)
    else:
        write_rules(f"{folder}/plugins", rules)
    return f"{folder}/gritd.yaml"


def fetch(url, body=None, timeout=60):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data), timeout=timeout) as answer:
        return json.loads(answer.read() or b"null")


def wait_until(what, condition, limit_s=60, pause_s=0.02):
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(f"waited {limit_s} s in vain: {what}")
        time.sleep(pause_s)


class Process:
    """A child whose output goes to a file, and what the kernel says about it."""

    def __init__(self, argv, log, env=None):
        self.log = log
        self.started = time.monotonic()
        with open(log, "wb") as out:
            self.child = subprocess.Popen(argv, stdout=out, stderr=out, env=env)

    def output(self):
        with open(self.log, encoding="utf-8", errors="replace") as file:
            return file.read()

    def find(self, pattern, limit_s=60, pause_s=0.001):
        """The first match in the output; waits for it."""
        end = time.monotonic() + limit_s
        while True:
            match = re.search(pattern, self.output())
            if match:
                return match
            if self.child.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.child.args[0]} ended or is late:\n{self.output()}")
            time.sleep(pause_s)

    def cpu_s(self):
        with open(f"/proc/{self.child.pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory_kib(self, what="VmRSS"):
        with open(f"/proc/{self.child.pid}/status", encoding="ascii") as file:
            return int(re.search(rf"{what}:\s+(\d+)", file.read()).group(1))

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        return self.child.wait(20)


class Fake(Process):
    def __init__(self, build, folder, users):
        super().__init__([build.fake, "--port", "0", "--users", str(users), "--quiet-log"],
                         f"{folder}/fake.log")
        self.url = self.find(r"listening: (\S+)").group(1)

    def stats(self):
        return fetch(f"{self.url}/_ctl/stats")

    def set(self, **knobs):
        fetch(f"{self.url}/_ctl/set", knobs)

    def push(self, frame):
        fetch(f"{self.url}/_ctl/push", frame)

    def act(self, **what):
        return fetch(f"{self.url}/_ctl/user", what)

    def posted(self):
        return self.stats()["posts_stored"]

    def messages(self):
        """The JSON text of every message."""
        with urllib.request.urlopen(f"{self.url}/_ctl/messages", timeout=600) as answer:
            return [json.dumps(m, separators=(",", ":")) for m in json.loads(answer.read())]


class Gritd(Process):
    def __init__(self, build, config, ready=True):
        env = dict(os.environ, BENCH_APP_TOKEN="xapp-1-test", BENCH_BOT_TOKEN="xoxb-test")
        super().__init__([build.gritd, "--config", config],
                         os.path.dirname(config) + "/gritd.log", env)
        if ready:
            self.wait_ready()

    def wait_ready(self):
        self.port = int(self.find(r"listening on http://127\.0\.0\.1:(\d+)").group(1))
        self.find(r"connected")

    def metric(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=60) as answer:
            return int(re.search(rf"^{name} (\d+)", answer.read().decode(), re.M).group(1))


class Build:
    def __init__(self, folder):
        self.gritd, self.gritctl = f"{folder}/gritd", f"{folder}/gritctl"
        found = {}
        programs = ("bench_load", "bench_step", "bench_store", "bench_signal", "fake_slack")
        for path, _, files in os.walk(folder):
            for name in programs:
                if name in files:
                    found.setdefault(name, f"{path}/{name}")
        for name in programs:
            if name not in found:
                raise SystemExit(f"bench: {name} is not built in {folder}")
        self.load, self.step = found["bench_load"], found["bench_step"]
        self.signal = found["bench_signal"]
        self.store, self.fake = found["bench_store"], found["fake_slack"]

    def generate(self, gritd, *args):
        """Runs the load generator to its end; its report."""
        done = subprocess.run([self.load, "-p", str(gritd.port), *map(str, args)], check=False,
                              stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise RuntimeError(f"bench_load failed: {done.stdout}")
        return json.loads(done.stdout)


@contextlib.contextmanager
def scratch():
    """A folder on a real disk: memory would make the store look fast."""
    folder = tempfile.mkdtemp(prefix="gritd-bench-", dir=os.environ.get("BENCH_DIR", "/var/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def running(build, folder, reps, users=None, **config):
    """A fake and a gritd that has read its directory and is connected to it."""
    fake = Fake(build, folder, users or reps)
    gritd = None
    try:
        gritd = Gritd(build, write_config(folder, reps, f"{fake.url}/api/", **config))
        settle(gritd)
        yield fake, gritd
    finally:
        if gritd:
            gritd.stop()
        fake.stop()


DIRECTORY_PAGE = 200  # people in an answer to users.list; the platform allows a page every 3 s


def read_directory(fake, reps):
    """Waits until gritd has asked for the last page, beside apps.connections.open and auth.test."""
    pages = -(-reps // DIRECTORY_PAGE)
    wait_until("the directory", lambda: fake.stats()["requests"] >= pages + 2, 20 + 4 * pages)


LOG_BYTES = 32 << 20  # of an emptied log, see store_sqlite_log.c


def rest(folder):
    """Waits until the store's log is empty and has its blocks, as after two seconds without an event."""
    wait_until("the log", lambda: os.path.getsize(f"{folder}/gritd.db-wal") >= LOG_BYTES, 60)


def settle(gritd):
    """Waits until nothing is done for a while: gritd has started and read the first people of its directory."""
    still, last = 0, -1.0
    while still < 4:
        time.sleep(0.1)
        now = gritd.cpu_s()
        still = still + 1 if now - last < 0.02 else 0
        last = now


def table(title, head, rows):
    cells = [[str(c) for c in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    print(f"\n{title}")
    for row in cells:
        print("  " + "  ".join(c.ljust(w) if i == 0 else c.rjust(w)
                                for i, (c, w) in enumerate(zip(row, widths))))
