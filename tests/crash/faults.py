"""faults.py BUILD_FOLDER [--tries N] [--only NAME] [--seed N]: no memory, no disk, no files, no network.

What a daemon and its tools do in a day is a list of scenarios. In each, one allocation, or one call on the
files of the store, on other files or on a socket, fails: once, or it and all later ones. Afterwards the
program has gone on, or has ended with a documented exit code and a line that says why; and once the fault is
gone everything that was accepted is there, once, in a store that is whole. This plays a sample, torture.py
all of them.
"""

import argparse
import collections
import contextlib
import random
import re
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from shim import *  # noqa: E402,F403 - the library of faults is made for this
from lib import *  # noqa: E402,F403 - the test library is made for this

LINE = re.compile(r"out of memory|error +\w+: \S+|^\S+ error|error:", re.M)
ENDS = (1, 65, 75, 78)  # runtime failure, store damaged or locked, configuration
TOOL_ENDS = (0, 1, 2, 69)
QUIET_S = 12  # for what a daemon without memory may not answer
ASKED = re.compile(r"What has changed for (?:Deal )?(D\d+),")  # its name, or its id where that is all that came
NO_MEMORY = re.compile(r"^grit(d|ctl): out of memory", re.M)
Fault = collections.namedtuple("Fault", "kind at how for_ever place", defaults=(0, 0, 0, False, 0))
Played = collections.namedtuple("Played", "calls places faults ended")  # ended: at once, for want of memory
scenarios = {}


def scenario(run):
    """run(case): what is done with the fault armed. Its case.arm() says when the faults begin."""
    scenarios[run.__name__.replace("_", "-")] = run
    return run


class Case:
    def __init__(self, folder, fault, noting=False):
        self.folder, self.fault, self.noting = folder, fault, noting
        self.fake = Fake(folder, 3, quiet=True)
        self.block = Block(folder)
        self.env = {**self.block.env, "MALLOC_PERTURB_": "165"}  # what is taken or given back is filled with nonsense
        self.gritd, self.events, self.tool_ends = None, [], []
        configure(folder, slack_chat(self.fake.api, more="    messages_per_minute: 0\n"))

    # --- what a scenario uses ---

    def arm(self):
        self.before = self.counts()
        if self.fault.at:
            self.block.arm(*self.fault)
        elif self.noting:
            self.block.note_places(self.fault.kind)

    def counts(self):
        return {word: self.block.count(kind) for word, (kind, _) in KINDS.items()}

    def start(self):
        self.gritd = Gritd(self.folder, env=self.env)
        return self.gritd

    def ready(self):
        self.start().wait_ready()

    def pair(self, deal, rep="ana"):
        return [created(deal, rep, f"Deal {deal}", id=f"{deal}-made"),
                moved(deal, rep, "propose", id=f"{deal}-moved")]

    def offer(self, *events):
        """Whether they are accepted is the fault's affair; sent again at the end they all are."""
        self.events += [one for one in events if one not in self.events]
        answer = self.call("POST", "/v1/events", list(events), BATCH)
        if answer:
            check(answer.status in (202, 400, 429, 500, 503), f"an event was answered {answer}")

    def call(self, *args):
        with contextlib.suppress(OSError, Failed):
            return http_call(self.gritd.port, *args, timeout=3)

    def question(self, deal="D1", user="U1"):
        """What was asked before the fault."""
        self.offer(*self.pair(deal))
        return until("the question", lambda: self.fake.from_bot(user))[-1]

    def wait(self, what):
        """Until it is so, the daemon has ended, or it is clear that it will not be so."""
        end = time.monotonic() + 1.5
        while self.gritd.running() and time.monotonic() < end:
            if what():
                return
            time.sleep(0.01)

    def tool(self, *args, armed=True):
        log = self.folder / "tool.log"
        with open(log, "ab") as out:
            got = subprocess.run([binary("gritctl"), "--config", self.folder / "gritd.yaml", *args], stdout=out,
                                 stderr=out, timeout=WAIT_S, env={**os.environ, **(self.env if armed else {})})
        check(got.returncode in TOOL_ENDS, lambda: f"gritctl {args[0]} ended with {got.returncode}: "
                                                   f"{log.read_text()[-400:]}")
        self.tool_ends.append(got.returncode)

    # --- the judgement ---

    def outcome(self):
        """What the daemon made of the fault."""
        if not self.gritd:
            return
        if self.fault.for_ever or not self.gritd.running():
            with contextlib.suppress(Failed):
                within("its end", lambda: not self.gritd.running(), 0.3)
        self.block.disarm()
        if self.gritd.running():
            return
        code = self.gritd.process.returncode
        check(code in ENDS or (code == 0 and self.stopped), lambda: f"gritd ended with {code}: "
                                                                    f"{self.gritd.log()[-600:]}")
        check(code == 0 or LINE.search(self.gritd.log()), lambda: f"it does not say why it ended with {code}: "
                                                                  f"{self.gritd.log()[-600:]}")

    stopped = reloads = False

    def again(self):
        """The fault is gone: everything goes on, or begins again on what there is."""
        if self.reloads and self.gritd.running():
            self.gritd.signal(1)  # it stays red while the files are other ones than it goes by
        until("gritd to be ready", self.ready_again, 20)
        self.events += [one for one in self.pair("D9", "ben") if one not in self.events]
        for one in self.events:
            answer = until("a 202", lambda: self.retry(one), 10, 0.05)
            equal(answer.status, 202, "status")
        until("the outbox to be empty", self.settled, 20, 0.02)

    def ready_again(self):
        """The fault may be found only now, and end it."""
        if self.gritd and not self.gritd.running():
            self.outcome()
        if not self.gritd or not self.gritd.running():
            self.gritd = Gritd(self.folder)
        answer = self.call("GET", "/readyz")
        return answer and answer.status == 200

    def retry(self, one):
        if not self.ready_again():
            return None
        answer = self.call("POST", "/v1/events", one, CLOUDEVENT)
        return answer if answer and answer.status == 202 else None

    def settled(self):
        if not self.ready_again():
            return False
        now = self.gritd.metrics()
        return now["gritd_outbox_messages"] == 0 and now["gritd_store_rows_queued"] == 0

    def stopped_for_good(self):
        """What somebody said may be brought once more by the platform, and be answered while it stops: then that answer is
        on its way, and the next start finds out about it."""
        for _ in range(3):
            equal(self.gritd.stop(), 0, "exit code")
            store = self.gritd.store()
            if all(one["state"] == "sent" for one in store.outbox()):
                break
            until("the outbox to be empty", self.settled, 20, 0.02)
        return store

    def judge(self):
        shown = collections.Counter(found[1] for one in self.fake.messages() if key_of(one)
                                    for found in [ASKED.match(one["text"])] if found)
        wanted = {one["subject"][5:] for one in self.events if one["type"].endswith("stage_changed")}
        equal(shown, collections.Counter({deal: 1 for deal in wanted}), "messages of each deal")
        equal(self.fake.stats()["duplicates"], [], "keys stored twice")
        store = self.stopped_for_good()
        equal(store.rows("PRAGMA integrity_check"), [("ok",)], "integrity_check")
        ids = collections.Counter(one["id"] for one in store.journal() if one.get("source") == "/crm/generic/test")
        equal(ids, collections.Counter({one["id"]: 1 for one in self.events}), "events of the journal")
        equal([one for one in store.outbox() if one["state"] not in ("sent",)], [], "rows that did not end as sent")

    def ended_for_want_of_memory(self):
        """What ended so did nothing after the call that failed: had all later ones failed, it were the same run."""
        logs = [self.folder / name for name in ("gritd.log", "tool.log")]
        return any(NO_MEMORY.search(one.read_text(errors="replace")) for one in logs if one.exists())

    def close(self):
        for one in (self.gritd, self.fake):
            if one:
                one.kill()
        self.block.close()


# --- scenarios: the daemon ---


@scenario
def start_on_nothing(case):
    case.arm()
    case.start()
    case.wait(lambda: "chat: connected" in case.gritd.log())


@scenario
def start_on_what_is_there(case):
    case.ready()
    case.question()
    equal(case.gritd.stop(), 0, "exit code")
    case.arm()
    case.start()
    case.wait(lambda: "chat: connected" in case.gritd.log())


@scenario
def start_after_a_kill(case):
    case.ready()
    case.question()
    case.gritd.kill()
    case.arm()
    case.start()
    case.wait(lambda: "chat: connected" in case.gritd.log())


@scenario
def event_and_its_question(case):
    case.ready()
    case.arm()
    case.offer(case.pair("D1")[0])
    case.offer(case.pair("D1")[1])
    case.wait(lambda: case.fake.from_bot("U1"))


@scenario
def batch_of_events(case):
    case.ready()
    case.arm()
    case.offer(*[one for n in range(1, 9) for one in case.pair(f"D{n}", "ben")])
    case.wait(lambda: len(case.fake.from_bot("U2")) == 8)


@scenario
def event_that_came_before(case):
    case.ready()
    case.question()
    case.arm()
    case.offer(*case.pair("D1"))


@scenario
def event_that_is_refused(case):
    case.ready()
    case.arm()
    case.call("POST", "/v1/events", "{\"specversion\": \"1.0\", \"id\": [[[[", CLOUDEVENT)
    case.call("POST", "/v1/nothing", "{}", CLOUDEVENT)


@scenario
def answer_by_a_form(case):
    case.ready()
    asked = case.question()
    case.arm()
    case.fake.try_act("click", "U1", ts=asked["ts"], action_id=buttons_of(asked)["answer"]["action_id"])
    case.wait(case.fake.views)
    views = case.fake.views()
    if views:
        case.fake.try_act("submit", "U1", view_id=views[-1]["view"]["id"], values={"answer": {"value": "words"}})


@scenario
def skip_by_a_button(case):
    case.ready()
    asked = case.question()
    case.arm()
    case.fake.try_act("click", "U1", ts=asked["ts"], action_id=buttons_of(asked)["skip"]["action_id"])
    case.wait(lambda: any(one["edits"] for one in case.fake.from_bot("U1")))


@scenario
def word_in_the_chat(case):
    case.ready()
    case.arm()
    case.fake.try_act("say", "U1", text="help")
    case.wait(lambda: case.fake.from_bot("U1"))


@scenario
def reload_of_the_files(case):
    case.ready()
    case.arm()
    case.reloads = True
    case.gritd.signal(1)
    case.wait(lambda: "reload" in case.gritd.log())


@scenario
def status_and_metrics(case):
    case.ready()
    case.arm()
    for path in ("/healthz", "/readyz", "/metrics"):
        case.call("GET", path)
    with contextlib.suppress(OSError, ValueError):
        case.gritd.control("status")


@scenario
def erasing_a_person(case):
    case.ready()
    case.question()
    case.arm()
    with contextlib.suppress(OSError, ValueError):
        case.gritd.control("erase", rep="dana")
    case.wait(lambda: "was erased" in case.gritd.log())


@scenario
def look_up_of_an_unsure_message(case):
    case.ready()
    case.fake.set(fail_after_store={"method": "chat.postMessage", "status": 500, "count": 1})
    case.offer(case.pair("D1")[0])
    case.arm()
    case.offer(case.pair("D1")[1])
    case.wait(lambda: case.gritd.store().outbox()[-1:] and case.gritd.store().outbox()[-1]["state"] == "sent")


# FM-A06
@scenario
def answer_of_the_platform_on_a_full_disk(case):
    """The platform takes the message; from then on nothing can be written."""
    case.ready()
    case.offer(case.pair("D1")[0])
    case.fake.set(hold_ms={"method": "chat.postMessage", "ms": 300, "store": "before"})
    case.offer(case.pair("D1")[1])
    case.wait(lambda: case.fake.from_bot("U1"))
    if case.fault.kind == STORE:
        case.fault = case.fault._replace(how=ENOSPC)
    case.arm()
    case.wait(lambda: False)
    case.fake.set(hold_ms=False)


@scenario
def stop_in_good_order(case):
    case.ready()
    case.question()
    case.arm()
    case.stopped = True
    case.gritd.signal(15)
    case.wait(lambda: False)


# --- scenarios: the tools, on a store that a daemon left ---


def with_tool(*args, running=False):
    def run(case):
        case.ready()
        case.question()
        if not running:
            equal(case.gritd.stop(), 0, "exit code")
            case.gritd = None
        case.arm()
        case.reloads = args[0] == "reload"
        case.tool(*args)
    scenarios[f"gritctl-{args[0]}"] = run


with_tool("check")
with_tool("test")
with_tool("why", "ana")
with_tool("report")
with_tool("ledger")
with_tool("export", "--rep", "ana")
with_tool("status", running=True)
with_tool("reload", running=True)

KINDS = {"memory": (MEMORY, [0]), "store": (STORE, [EIO, ENOSPC, SHORT]), "net": (NET, [ECONNRESET, SHORT]),
         "file": (FILES, [EIO, SHORT])}


# FM-A05 FM-A11
def one_case(name, fault, noting=False):
    with scratch() as folder:
        case = Case(folder, fault, noting)
        try:
            scenarios[name](case)
            case.block.note_places(0)
            calls = {word: count - case.before[word] for word, count in case.counts().items()}
            places = case.block.places()
            case.outcome()
            case.again()
            case.judge()
            return Played(calls, places, case.block.played, case.ended_for_want_of_memory())
        finally:
            case.close()


def modes(word, dice):
    """Once and for ever; in the sample of the kinds that have few calls, one of them."""
    return (False, True) if word in ("memory", "store") else (dice.random() < 0.5,)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--tries", type=int, default=1, help="calls of each scenario, kind and mode")
    parser.add_argument("--only", default="", help="scenarios whose name begins so")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    given = parser.parse_args()
    seed = given.seed or random.SystemRandom().randrange(1, 1 << 31)
    library()
    print(f"seed {seed}", flush=True)
    suite, begun, played, cases = Suite(), time.monotonic(), 0, 0

    def one(name, fault):
        nonlocal played
        played += bool(one_case(name, fault).faults)
    for name in scenarios:
        if not name.startswith(given.only):
            continue
        found = {}
        suite.one(f"{name}-without", lambda: found.update(one_case(name, Fault()).calls))
        for word, calls in found.items():
            dice = random.Random(f"{seed} {name} {word}")
            for for_ever in modes(word, dice) if calls else ():
                cases += 1
                for _ in range(given.tries):
                    fault = Fault(KINDS[word][0], dice.randint(1, calls), dice.choice(KINDS[word][1]), for_ever)
                    mode = "for-ever" if for_ever else "once"
                    suite.one(f"{name}-{word}-{mode}-{fault.at}-of-{calls}-{fault.how}", lambda: one(name, fault))
    print(f"  {cases} scenarios, {played} with a fault, {time.monotonic() - begun:.0f} seconds")
    sys.exit(suite.close())


if __name__ == "__main__":
    main()
