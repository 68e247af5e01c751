"""bad_input.py BUILD_FOLDER [CASE...]: whatever is wrong is named, nothing is lost, the daemon stays up."""

import contextlib
import hashlib
import hmac
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
CANARY = "canary-7f3b1c9e-do-not-print"
STANDARD_SECRET = "whsec_" + base64.b64encode(CANARY.encode()).decode()
CONFIG_ERROR, BUSY, DAMAGED, RUNTIME, USAGE = 78, 75, 65, 1, 2


@contextlib.contextmanager
def folder_with(chat=LOCAL, **more):
    with scratch() as folder:
        configure(folder, chat, **more)
        yield folder


@contextlib.contextmanager
def daemon(chat=LOCAL, env=None, **more):
    with folder_with(chat, **more) as folder:
        gritd = Gritd(folder, env)
        try:
            gritd.alive()
            yield gritd
            gritd.alive()
            equal(gritd.stop(), 0, "exit code after SIGTERM")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
                check(word not in gritd.log(), lambda: f"the sanitizer complains: {gritd.log()[-3000:]}")
        finally:
            gritd.kill()


def refused(folder, code, *words, env=None, args=()):
    """Starts gritd, which must end by itself with `code` and say all of `words`."""
    gritd = Gritd(folder, env, args=args)
    try:
        got = gritd.wait()
        log = gritd.log()
        equal(got, code, f"exit code (it said: {log.strip()[-500:]})")
        for word in words:
            check(word in log, lambda: f"nothing about {word!r} in: {log.strip()[-700:]}")
        for secret in (CANARY, BOT_TOKEN, APP_TOKEN):
            check(secret not in log, lambda: f"a secret in: {log}")
        return log
    finally:
        gritd.kill()


def problem(answer, status, *words):
    """An answer as RFC 9457 wants it, naming what is wrong."""
    equal(answer.status, status, f"status ({answer})")
    check(answer.headers["content-type"].startswith("application/problem+json"), answer.headers)
    equal(answer.json["status"], status, "status in the body")
    for word in words:
        check(word in answer.json["detail"], lambda: f"nothing about {word!r} in: {answer.json['detail']}")
    check(CANARY not in answer.text, "a secret in an answer")


# --- configuration ---


@suite.case
def broken_configuration_names_file_line_and_field():
    broken = [
        ("chat: [\n", "gritd.yaml:"), ("chat: {platform: local\nlisten: x\n", "gritd.yaml:"),
        ("\tchat: local\n", "gritd.yaml:1:"), ("- a\n- b\n", "gritd.yaml:1:"),
        (LOCAL + "lissten: 127.0.0.1:0\n", "gritd.yaml:3:1", "lissten", "listen"),
        (LOCAL + "limits: {prompts_per_day: many}\n", "gritd.yaml:3:", "prompts_per_day"),
        (LOCAL + "limits: {prompts_per_day: -1}\n", "gritd.yaml:3:", "prompts_per_day"),
        (LOCAL + "limits: {quiet_period: soon}\n", "gritd.yaml:3:", "quiet_period"),
        (LOCAL + "limits: 7\n", "gritd.yaml:3:", "limits"),
        (LOCAL + "listen: 127.0.0.1:99999\n", "gritd.yaml:3:", "listen"),
        (LOCAL + "listen: [1, 2]\n", "gritd.yaml:3:", "listen"),
        (LOCAL + "store: mysql:x\n", "gritd.yaml:3:", "mysql"),
        (LOCAL + "store: sqlite:\n", "gritd.yaml:3:"),
        (LOCAL + "log: {level: loud}\n", "gritd.yaml:3:", "loud"),
        (LOCAL + "listen: 127.0.0.1:0\nlisten: 127.0.0.1:1\n", "gritd.yaml:4:", "listen"),
        (LOCAL + "people: nobody-here.yaml\n", "gritd.yaml:3:", "nobody-here.yaml"),
        (LOCAL + "plugins: [nowhere]\n", "gritd.yaml:3:", "nowhere"),
        ("chat: {platform: slak}\n", "gritd.yaml:1:", "slak", "slack"),
        ("chat: {platform: carrier-pigeon}\n", "gritd.yaml:1:", "carrier-pigeon"),
        (LOCAL + "intake: [{name: crm, kind: faxes}]\n", "gritd.yaml:3:", "faxes"),
        (LOCAL + "intake: [{kind: generic}]\n", "gritd.yaml:3:", "name"),
        (LOCAL + "listen: 0.0.0.0:0\nintake: [{name: crm, kind: generic}]\n", "gritd.yaml:4:", "crm", "secret"),
        ("x: &a [1, 1]\ny: &b [*a, *a]\n", "gritd.yaml:"),
    ]
    with folder_with() as folder:
        for text, *words in broken:
            write(folder, "gritd.yaml", text)
            for args in ((), ("--check",)):
                refused(folder, CONFIG_ERROR, *words, args=args)
        (folder / "gritd.yaml").write_bytes(b"chat: {platform: local}\npurpose: \xff\xfe\n")
        refused(folder, CONFIG_ERROR, "gritd.yaml:")
        (folder / "gritd.yaml").unlink()
        refused(folder, CONFIG_ERROR, "gritd.yaml")
        (folder / "gritd.yaml").mkdir()
        refused(folder, CONFIG_ERROR, "gritd.yaml")


@suite.case
def broken_people_and_pipeline_are_named():
    for name, text, *words in (
            ("people.yaml", PEOPLE + "  - {id: ana, name: Twice}\n", "people.yaml:7:", "ana"),
            ("people.yaml", PEOPLE + "  - {id: eve, zone: Mars/Olympus}\n", "people.yaml:7:", "Mars/Olympus"),
            ("people.yaml", PEOPLE + "  - {id: eve, team: east}\n", "people.yaml:7:", "east"),
            ("people.yaml", PEOPLE + "  - {id: eve, rolle: manager}\n", "people.yaml:7:", "rolle", "role"),
            ("pipeline.yaml", PIPELINE + "  - {id: dream}\n", "pipeline.yaml:7:", "dream"),
            ("pipeline.yaml", "stages: 3\n", "pipeline.yaml:1:")):
        with folder_with() as folder:
            write(folder, name, text)
            refused(folder, CONFIG_ERROR, *words)


@suite.case
def rules_without_a_purpose_ask_nobody():
    """E1: gritd does not start, and says what to write."""
    with folder_with() as folder:
        config = folder / "gritd.yaml"
        text = config.read_text()
        check("purpose: coaching in a test\n" in text, text)
        config.write_text(text.replace("purpose: coaching in a test\n", ""))
        refused(folder, CONFIG_ERROR, "gritd.yaml:1:", "purpose: coaching of our sales teams")
        config.write_text(config.read_text().replace("plugins: [plugins]\n", ""))
        gritd = Gritd(folder)  # without rules there is nothing to say it for
        try:
            gritd.alive()
            equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()


@suite.case
def a_bad_plugin_is_left_out_and_the_others_run():
    plugins = {"asking.yaml": ASKING, "broken.yaml": ASKING.replace("asking", "broken").replace("ask:", "asc:")}
    with daemon(plugins=plugins) as gritd:
        until("ready", lambda: gritd.get("/readyz").status == 200)
        check("broken.yaml:" in gritd.log() and "asc" in gritd.log(), gritd.log())
        status = gritd.control("status")
        equal((status["plugins_loaded"], status["plugins_failed"], status["rules"]), (1, 1, 1), "plugins")
        config = gritd.folder
        refused(config, CONFIG_ERROR, "broken.yaml:", args=("--check",))


@suite.case
def check_ends_with_its_exit_code():
    with folder_with() as folder:
        equal(Gritd(folder, args=["--check"]).wait(), 0, "a good configuration")
        check(not (folder / "gritd.db").exists(), "--check made a store")
        program = binary("gritd")
        for args, code in ((["--nonsense"], USAGE), (["stray"], USAGE), (["--config"], USAGE), (["--version"], 0),
                           (["--config", str(folder / "none.yaml"), "--check"], CONFIG_ERROR)):
            done = subprocess.run([program, *args], capture_output=True, text=True, timeout=WAIT_S, check=False)
            equal(done.returncode, code, f"exit code of gritd {args}")
            check(done.stdout or done.stderr, f"gritd {args} says nothing")


@suite.case
def missing_tokens_are_named():
    def slack(app="env:GRITD_TEST_APP", bot="env:GRITD_TEST_BOT"):
        return slack_chat("http://127.0.0.1:9/api/", app, bot)
    for chat, env, *words in (
            (slack(), {"GRITD_TEST_BOT": None}, "bot_token", "GRITD_TEST_BOT", "not set"),
            (slack(), {"GRITD_TEST_APP": ""}, "app_token", "empty"),
            (slack(app="file:no-token"), {}, "app_token", "no-token"),
            (slack(bot="credential:slack-bot"), {"CREDENTIALS_DIRECTORY": None}, "bot_token", "slack-bot"),
            (slack(bot="credential:slack-bot"), {"CREDENTIALS_DIRECTORY": "/nonexistent"}, "bot_token", "slack-bot"),
            (slack(), {"GRITD_TEST_BOT": f"xapp-{CANARY}"}, "bot_token"),
            (slack(), {"GRITD_TEST_APP": f"xoxb-{CANARY}"}, "app_token"),
            (slack(), {"GRITD_TEST_BOT": f"xoxb-{CANARY} with spaces"}, "bot_token"),
            ("chat:\n  platform: slack\n  slack: {app_token: env:GRITD_TEST_APP}\n", {}, "bot_token"),
            ("chat:\n  platform: slack\n", {}, "app_token")):
        with folder_with(chat) as folder:
            refused(folder, CONFIG_ERROR, "gritd.yaml", *words, env=env)


# FM-H01
@suite.case
def a_literal_secret_is_refused_and_not_repeated():
    for chat, more, word in ((slack_chat("http://127.0.0.1:9/api/", bot=f"xoxb-{CANARY}"), "", "bot_token"),
                             (LOCAL, f"intake: [{{name: crm, kind: generic, secret: {CANARY}}}]\n", "secret"),
                             (LOCAL, f"intake: [{{name: crm, kind: generic, secret: 'env:{CANARY} x'}}]\n", "secret"),
                             (LOCAL, f"store: 'postgres:host=db password={CANARY}'\n", "password")):
        with folder_with(chat, more=more) as folder:
            if "store" in more:
                text = (folder / "gritd.yaml").read_text().replace("store: sqlite:gritd.db\n", "")
                (folder / "gritd.yaml").write_text(text)
            for args in ((), ("--check",)):
                refused(folder, CONFIG_ERROR, "gritd.yaml:", word, args=args)
    insecure = slack_chat("http://slack.example.com/api/")
    with folder_with(insecure) as folder:
        refused(folder, CONFIG_ERROR, "api_url")


@suite.case
def a_taken_port_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with folder_with(listen=f"127.0.0.1:{port}") as folder:
            refused(folder, RUNTIME, "listen", str(port))


# --- the store ---


@suite.case
def an_unreadable_store_is_named_and_left_alone():
    with folder_with() as folder:
        store = folder / "gritd.db"
        store.mkdir()
        refused(folder, DAMAGED, "gritd.db")
        store.rmdir()
        for content in (b"", b"not a database at all\n" * 50, b"SQLite format 3\0" + b"\x01" * 2000):
            store.write_bytes(content)
            refused(folder, DAMAGED, "gritd.db")
            equal(store.read_bytes(), content, "the file")
            store.unlink()
        link = sqlite3.connect(store)
        link.executescript("CREATE TABLE other (a); INSERT INTO other VALUES (1);")
        link.close()
        before = store.read_bytes()
        refused(folder, DAMAGED, "gritd.db", "another program")
        equal(store.read_bytes(), before, "somebody else's database")
        store.unlink()
        if os.geteuid():
            store.write_bytes(b"x")
            store.chmod(0)
            refused(folder, RUNTIME, "gritd.db", "ermission")
            store.chmod(0o600)
            store.unlink()
        write(folder, "gritd.yaml", (folder / "gritd.yaml").read_text().replace("gritd.db", "no/such/gritd.db"))
        refused(folder, RUNTIME, "no/such/gritd.db")


# FM-A08
@suite.case
def a_truncated_or_damaged_store_is_refused():
    with folder_with() as folder:
        gritd = Gritd(folder).wait_ready()
        gritd.take(*[created(f"D{i}", "ana") for i in range(300)])
        equal(gritd.stop(), 0, "exit code")
        store = folder / "gritd.db"
        whole = store.read_bytes()
        check(len(whole) > 20000, f"the store has only {len(whole)} bytes")
        for name, content in (("truncated", whole[:len(whole) // 2]), ("cut in the header", whole[:60]),
                              ("damaged", whole[:4096] + b"\xa5" * 8192 + whole[12288:])):
            store.write_bytes(content)
            refused(folder, DAMAGED, "gritd.db", "left untouched")
            equal(store.read_bytes(), content, f"the {name} file")
        store.write_bytes(whole)
        gritd = Gritd(folder).wait_ready()
        equal(gritd.metrics()["gritd_deals"], 300, "deals after all that")
        equal(gritd.stop(), 0, "exit code")


# FM-A08
@suite.case
def a_damaged_store_is_repaired_as_the_manual_says():
    """docs/reliability.md, "A damaged store"; what stood on the damaged page is gone, the rest is there."""
    if not shutil.which("sqlite3"):
        return
    with folder_with() as folder:
        gritd = Gritd(folder).wait_ready()
        gritd.take(*[created(f"D{i}", "ana") for i in range(300)])
        equal(gritd.stop(), 0, "exit code")
        store = folder / "gritd.db"
        with sqlite3.connect(store) as db:
            page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'decision_rep'").fetchone()[0]
        db.close()
        whole = bytearray(store.read_bytes())
        whole[(page - 1) * 4096:page * 4096] = b"\xa5" * 4096
        store.write_bytes(whole)
        refused(folder, DAMAGED, "gritd.db", "A damaged store")
        text = (source_folder() / "docs/reliability.md").read_text()
        commands = text[text.index("## A damaged store"):].split("```sh\n", 1)[1].split("```", 1)[0]
        subprocess.run(["sh", "-e"], input=commands.encode(), cwd=folder, check=True, timeout=WAIT_S,
                       stderr=subprocess.DEVNULL)
        gritd = Gritd(folder).wait_ready()
        equal(gritd.metrics()["gritd_deals"], 300, "deals")
        equal(gritd.stop(), 0, "exit code")


# FM-K01
@suite.case
def a_second_daemon_is_refused_with_75():
    with daemon() as gritd:
        log = refused(gritd.folder, BUSY, "gritd.db", "locked", str(gritd.pid))
        check("another daemon" in log, log)
        equal(gritd.control("status")["ok"], True, "the first one's control socket")


# --- events ---


def bad_bodies():
    good = created("D1", "ana")
    text = json.dumps(good)
    without = {k: v for k, v in good.items() if k != "id"}
    yield "truncated", text[:-20].encode(), 400, []
    yield "empty", b"", 400, []
    yield "not an object", b"[]", 400, []
    yield "a number", b"7", 400, []
    yield "no id", json.dumps(without).encode(), 400, ["id"]
    yield "no type", json.dumps({k: v for k, v in good.items() if k != "type"}).encode(), 400, ["type"]
    yield "wrong version", json.dumps({**good, "specversion": "0.3"}).encode(), 400, ["specversion"]
    yield "bad time", json.dumps({**good, "time": "yesterday"}).encode(), 400, ["time"]
    yield "id of a wrong type", json.dumps({**good, "id": 7}).encode(), 400, ["id"]
    yield "empty id", json.dumps({**good, "id": ""}).encode(), 400, ["id"]
    yield "huge id", json.dumps({**good, "id": "x" * 100000}).encode(), 400, ["id"]
    yield "no data", json.dumps({k: v for k, v in good.items() if k != "data"}).encode(), 400, ["data"]
    yield "deal of a wrong type", json.dumps({**good, "data": {"deal": 7}}).encode(), 400, ["deal"]
    yield "unknown stage", json.dumps({**good, "data": {"deal": {"id": "D1", "stage": {"canonical": "dream"}}}}
                                      ).encode(), 400, ["stage", "dream"]
    yield "duplicate keys", text.replace('"id":', '"id": "other", "id":', 1).encode(), 400, ["id"]
    yield "duplicate keys within", text.replace('"name":', '"name": "x", "name":', 1).encode(), 400, ["name"]
    yield "deep nesting", b'{"a":' * 50000 + b"1" + b"}" * 50000, 400, []
    yield "deep lists", b"[" * 200000, 400, []
    yield "not UTF-8", text.replace("Acme Tools", "Acme \udcff").encode("utf-8", "surrogateescape"), 400, []
    yield "a lone surrogate", text.replace("Acme Tools", "\\ud800").encode(), 400, []
    yield "a NUL", text.replace("Acme Tools", "a\\u0000b").encode(), 400, []
    yield "a huge number", text.replace("48000", "1e999").encode(), 400, ["amount"]
    yield "a number too long", text.replace("48000", "9" * 400).encode(), 400, []
    yield "NaN", text.replace("48000", "NaN").encode(), 400, []
    keys = ",".join(f'"k{n}":1' for n in range(90000))
    yield "ninety thousand keys", f'{text[:-1]},{keys}}}'.encode(), 400, ["256"]
    few = ",".join("{" + ",".join(f'"k{n}":1' for n in range(256)) + "}" for _ in range(400))
    yield "a hundred thousand keys in small objects", f'{text[:-1]},"data2":[{few}]}}'.encode(), 400, ["100000"]
    yield "a million keys", b'{' + b",".join(b'"k%d":1' % n for n in range(1000000)) + b"}", 413, []
    yield "more behind the end", text.encode() + b"{}", 400, []


# FM-F06
@suite.case
def every_bad_event_is_refused_by_name():
    with daemon() as gritd:
        for name, body, status, words in bad_bodies():
            try:
                problem(gritd.call("POST", "/v1/events", body, CLOUDEVENT), status, *words)
            except (Failed, OSError) as error:
                raise Failed(f"{name}: {error}") from error
            gritd.alive()
        equal(gritd.metrics()["gritd_deals"], 0, "deals from bad events")
        equal([one for one in gritd.store().journal() if "/crm/" in json.dumps(one)], [], "events in the journal")
        gritd.take(created("D1", "ana"))


@suite.case
def two_mebibytes_are_refused_with_413():
    with daemon() as gritd:
        body = json.dumps(created("D1", "ana", "x" * (2 << 20))).encode()
        head = (f"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/cloudevents+json\r\n"
                f"Content-Length: {len(body)}\r\n")
        # a sender that asks first is answered before it sends anything
        with socket.create_connection(("127.0.0.1", gritd.port), timeout=WAIT_S) as link:
            link.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
            answer = link.recv(4096)
            check(answer.startswith(b"HTTP/1.1 413 ") and b"100 Continue" not in answer, answer[:200])
        # one that does not may find the connection closed before it has read the answer, so it asks again
        def once():
            with contextlib.suppress(OSError):
                return gritd.call("POST", "/v1/events", body, CLOUDEVENT)
            return None
        problem(until("an answer", once), 413, "1048576")
        # without a length
        with socket.create_connection(("127.0.0.1", gritd.port), timeout=WAIT_S) as link:
            link.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                         + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
            answer = link.recv(4096)
            check(answer.startswith(b"HTTP/1.1 413 "), answer[:200])
        equal(gritd.metrics()["gritd_deals"], 0, "deals")


@suite.case
def a_batch_with_one_bad_event_is_refused_whole():
    with daemon() as gritd:
        bad = created("D3", "ana")
        del bad["type"]
        problem(gritd.post([created("D1", "ana"), created("D2", "ana"), bad]), 400, "event 3", "type")
        problem(gritd.call("POST", "/v1/events", created("D4", "ana"), BATCH), 400, "list")
        equal(gritd.metrics()["gritd_deals"], 0, "deals from a refused batch")
        answer = gritd.post([])
        check(answer.status in (202, 400), f"an empty batch: {answer}")
        one = created("D5", "ana")
        answer = gritd.post([one, one])
        equal((answer.status, answer.json), (202, {"accepted": 1, "repeated": 1}), "the same twice in a batch")


@suite.case
def strange_but_allowed_events_are_taken():
    with daemon() as gritd:
        one = created("D1", "ana")
        equal(gritd.post(one).json, {"accepted": 1, "repeated": 0}, "first")
        again = gritd.post(one)
        equal((again.status, again.json), (202, {"accepted": 0, "repeated": 1}), "repeated")
        other = {"specversion": "1.0", "id": "o1", "source": "/elsewhere", "type": "com.example.something",
                 "time": utc(time.time()), "data": {"anything": [1, {"a": None}]}}
        gritd.take(other, {**other, "id": "o2", "type": "gritd.deal.dreamt"})
        future = created("D2", "ana", at=time.time() + 400 * 86400)
        gritd.take(future)
        old = created("D3", "ana", at=0)
        gritd.take(old)
        binary_headers = {"Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": "b1",
                          "ce-source": "/crm/generic/test", "ce-type": "gritd.deal.created", "ce-repid": "ana",
                          "ce-subject": "deal/D4", "ce-time": utc(time.time() - 1)}
        answer = gritd.call("POST", "/v1/events", created("D4", "ana")["data"], binary_headers)
        equal(answer.status, 202, f"status of the binary form ({answer})")
        problem(gritd.call("POST", "/v1/events", b"{}", {**binary_headers, "ce-id": "%zz"}), 400, "ce-id")
        del binary_headers["ce-source"]
        problem(gritd.call("POST", "/v1/events", b"{}", binary_headers), 400, "source")
        equal(gritd.metrics()["gritd_deals"], 4, "deals")
        times = [row[0] for row in gritd.store().rows("SELECT time - at FROM journal")]
        check(max(times) <= 0, "something happened in the future")


# FM-F07
@suite.case
def http_is_refused_by_the_book():
    with daemon() as gritd:
        problem(gritd.call("GET", "/v1/events"), 405, "POST")
        problem(gritd.call("DELETE", "/metrics"), 405, "GET")
        problem(gritd.call("GET", "/nothing"), 404, "/nothing")
        problem(gritd.call("POST", "/v1/intake/nobody", b"{}", CLOUDEVENT), 404, "nobody")
        for kind in ("text/plain", "application/x-www-form-urlencoded", None, "application/xml"):
            answer = gritd.call("POST", "/v1/events", created("D1", "ana"), {"Content-Type": kind} if kind else {})
            check(answer.status in (400, 415), f"content type {kind}: {answer}")
        for raw in (b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"POST /v1/events HTTP/1.1\r\n\r\n",
                    b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                    b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                    b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
                    b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"half\":"):
            with socket.create_connection(("127.0.0.1", gritd.port), timeout=WAIT_S) as link, \
                    contextlib.suppress(OSError):  # hanging up on such a client is fine
                link.sendall(raw)
                gritd.alive()  # with the half request still there
                link.shutdown(socket.SHUT_WR)
                link.settimeout(0.1)
                link.recv(4096)
            gritd.alive()
        equal(gritd.metrics()["gritd_deals"], 0, "deals")


# --- signatures ---


def intakes(*rows):
    return "intake:\n" + "".join(f"  - {{{row}}}\n" for row in rows)


@suite.case
def signatures_are_wanted_and_checked():
    more = intakes("name: crm, kind: cloudevents, secret: env:GRITD_TEST_HOOK, verify: standard-webhooks",
                   "name: own, kind: generic, secret: env:GRITD_TEST_PLAIN, verify: hmac-sha256",
                   "name: token, kind: generic, secret: env:GRITD_TEST_PLAIN, verify: bearer")
    env = {"GRITD_TEST_HOOK": STANDARD_SECRET, "GRITD_TEST_PLAIN": CANARY}
    with daemon(env=env, more=more) as gritd:
        body = json.dumps(created("D1", "ana")).encode()
        good = sign_standard(STANDARD_SECRET, body)
        wrong = sign_standard("whsec_" + base64.b64encode(b"another secret altogether").decode(), body)
        old = sign_standard(STANDARD_SECRET, body, at=time.time() - 3600)
        for path in ("/v1/events", "/v1/intake/crm"):
            for headers in ({}, wrong, old, {**good, "webhook-id": "msg_2"}, {**good, "webhook-signature": "v1,"},
                            {**good, "webhook-timestamp": "soon"}, {"Authorization": f"Bearer {CANARY}"}):
                problem(gritd.call("POST", path, body, {**CLOUDEVENT, **headers}), 401)
            problem(gritd.call("POST", path, body + b" ", {**CLOUDEVENT, **good}), 401)
        mac = hmac.new(CANARY.encode(), body, hashlib.sha256).hexdigest()
        for headers in ({}, {"x-hub-signature-256": "sha256=" + "0" * 64}, {"x-hub-signature-256": "sha256=zz"}):
            problem(gritd.call("POST", "/v1/intake/own", body, {**CLOUDEVENT, **headers}), 401)
        for headers in ({}, {"Authorization": "Bearer no"}, {"Authorization": CANARY}):
            problem(gritd.call("POST", "/v1/intake/token", body, {**CLOUDEVENT, **headers}), 401)
        equal(gritd.metrics()["gritd_deals"], 0, "deals from unsigned events")
        for path, headers in (("/v1/events", good), ("/v1/intake/own", {"x-hub-signature-256": f"sha256={mac}"}),
                              ("/v1/intake/token", {"Authorization": f"Bearer {CANARY}"})):
            answer = gritd.call("POST", path, body, {**CLOUDEVENT, **headers})
            equal(answer.status, 202, f"{path} with its signature ({answer})")
        said = gritd.log() + gritd.get("/metrics").text + json.dumps(gritd.control("status")) + gritd.get("/").text
        for secret in (CANARY, STANDARD_SECRET, mac):
            check(secret not in said, "a secret in log, metrics or status")


# --- life ---


# FM-E04
@suite.case
def a_broken_reload_keeps_the_old_rules():
    with daemon() as gritd:
        gritd.wait_ready()
        plugin = gritd.folder / "plugins" / "asking.yaml"
        config = gritd.folder / "gritd.yaml"
        good = config.read_text()
        def count(word):
            return gritd.log().count(word)
        for name, text, place in (("rule", ASKING.replace("    ask:", "    asc:"), "asking.yaml:14:5"),
                                  ("YAML", "plugin: [\n", "asking.yaml:")):
            before, places = count("stays in force"), count(place)
            plugin.write_text(text)
            gritd.signal(signal.SIGHUP)
            until(f"the word about a wrong {name}", lambda: count("stays in force") > before)
            check(count(place) > places, lambda: f"{name}: no {place} in {gritd.log()[-800:]}")
            answer = gritd.control("reload")
            equal((answer["ok"], len(answer["kept"]), answer["rules"]), (True, 1, 1), "reload")
            plugin.write_text(ASKING)
        for name, path, text, place in (
                ("key", config, good + "lissten: x\n", "gritd.yaml:"),
                ("secret", config, good + intakes("name: crm, kind: generic, secret: env:GRITD_TEST_NONE"),
                 "GRITD_TEST_NONE")):
            before = count("refused")
            places = count(place)
            path.write_text(text)
            gritd.signal(signal.SIGHUP)
            until(f"the refusal of a wrong {name}", lambda: count("refused") > before)
            check(count(place) > places, lambda: f"{name}: no {place} in {gritd.log()[-800:]}")
            equal(gritd.control("status")["rules"], 1, "rules")
            answer = gritd.control("reload")
            equal(answer["ok"], False, "reload over the control socket")
            plugin.write_text(ASKING)
            config.write_text(good)
        gritd.take(created("D1", "ana", at=time.time() - 2), moved("D1", "ana", "propose"))
        until("a decision of the old rule", gritd.store().decisions)
        plugin.write_text(ASKING + ASKING[ASKING.index("  - rule:"):].replace("entered", "second"))
        gritd.signal(signal.SIGHUP)
        until("two rules", lambda: gritd.control("status")["rules"] == 2)


@suite.case
def control_socket_refuses_nonsense():
    with daemon() as gritd:
        for line in (b"\n", b"{\n", b"[]\n", b'{"cmd":"fly"}\n', b'{"cmd":7}\n', b"x" * 200000 + b"\n"):
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(WAIT_S)
                link.connect(str(gritd.folder / "control.sock"))
                with contextlib.suppress(OSError):
                    link.sendall(line)
                    answer = link.recv(65536)
                    check(b'"ok":false' in answer, f"{line[:20]}: {answer}")
            gritd.alive()
        mode = (gritd.folder / "control.sock").stat().st_mode & 0o777
        check(mode & 0o007 == 0, f"everybody may use the control socket: {mode:o}")
        check((gritd.folder / "gritd.db").stat().st_mode & 0o077 == 0, "others may read the store")


# FM-K02
@suite.case
def sigterm_ends_within_five_seconds():
    with daemon() as gritd:
        gritd.take(created("D1", "ana"))
        links = []

        def occupy():
            idle = socket.create_connection(("127.0.0.1", gritd.port))  # says nothing
            half = socket.create_connection(("127.0.0.1", gritd.port))
            half.sendall(b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
            where = urllib.parse.urlsplit(gritd.get("/try/where").json["socket"])
            links.extend((idle, half, WebSocket(where.port, f"{where.path}?as=ana", "gritd-local")))
        occupy()
        fastest("to stop", 5, lambda: equal(gritd.stop(), 0, "exit code"), again=lambda: (gritd.restart(), occupy()), tries=4)
        for link in links:
            link.close()
        equal(gritd.restart().metrics()["gritd_deals"], 1, "deals after the restart")
        gritd.signal(signal.SIGINT)
        equal(gritd.wait(), 0, "exit code after SIGINT")
        gritd.restart()


# FM-C11
@suite.case
def sigterm_while_the_platform_is_away():
    chat = slack_chat(f"http://127.0.0.1:{free_port()}/api/")
    with daemon(chat) as gritd:
        equal(gritd.get("/readyz").status, 503, "/readyz")
        gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
        check("canary" not in gritd.log(), gritd.log())

        def again():
            gritd._port = None
            gritd.spawn()
            equal(gritd.get("/readyz").status, 503, "/readyz")
        fastest("to stop", 5, lambda: equal(gritd.stop(), 0, "exit code"), again, tries=4)
        again()


# FM-K01
@suite.case
def killed_and_started_at_once():
    port = free_port()
    with folder_with(listen=f"127.0.0.1:{port}") as folder:
        for turn in range(5):
            gritd = Gritd(folder)
            try:
                gritd.wait_ready()
                equal(gritd.metrics()["gritd_deals"], turn, "deals so far")
                gritd.take(created(f"D{turn}", "ana"))
            finally:
                gritd.kill()


# FM-H01
@suite.case
def tokens_appear_nowhere():
    with scratch() as folder:
        fake = Fake(folder)
        try:
            env = {"GRITD_TEST_BOT": f"xoxb-{CANARY}", "GRITD_TEST_APP": f"xapp-{CANARY}"}
            fake.set(bot_token=env["GRITD_TEST_BOT"], app_token=env["GRITD_TEST_APP"])
            configure(folder, slack_chat(fake.api), more="log: {level: debug}\n")
            gritd = Gritd(folder, env)
            try:
                gritd.wait_ready()
                gritd.take(created("D1", "ana"), moved("D1", "ana", "propose"))
                until("the question", lambda: fake.from_bot("U1"))
                fake.set(revoke=True)
                gritd.take(created("D2", "ana"), moved("D2", "ana", "propose"))
                until("the refusal", lambda: gritd.control("status")["connection"] == "refused")
                said = [gritd.log(), gritd.get("/metrics").text, gritd.get("/readyz").text, gritd.get("/").text,
                        json.dumps(gritd.control("status")), (folder / "gritd.db").read_bytes().decode("latin-1")]
                check(not [one for one in said if CANARY in one], "a token in log, metrics, status or store")
                equal(gritd.get("/try/where").status, 404, "the sandbox beside another platform")
                metrics = gritd.get("/metrics").text
                check("ana" not in metrics and "Ruiz" not in metrics, "a person in the metrics")
                equal(gritd.stop(), 0, "exit code")
            finally:
                gritd.kill()
        finally:
            fake.kill()


# FM-E07
@suite.case
def a_secret_of_any_length_counts_to_its_last_byte():
    with folder_with(more=intakes("name: own, kind: generic, secret: 'file:hook', verify: bearer")) as folder:
        for length in (255, 256, 257, 4096):
            secret = (CANARY * 200)[:length - 1] + "z"
            (folder / "hook").write_text(secret + "\n")
            (folder / "hook").chmod(0o600)
            gritd = Gritd(folder)
            try:
                gritd.alive()
                whole = length < 4096  # no header may be as long as that: never accepted
                for shown, good in ((secret, whole), (secret[:-1], False), (secret + "z", False),
                                    (secret[:255], length == 255), (secret[256:] or "y", False)):
                    answer = gritd.call("POST", "/v1/intake/own", b"{}",
                                        {"Content-Type": "application/json", "Authorization": f"Bearer {shown}"})
                    equal(answer.status != 401, good, f"{len(shown)} bytes of a secret of {length}: {answer}")
                check(CANARY not in gritd.log(), "a secret in the log")
                equal(gritd.stop(), 0, "exit code")
            finally:
                gritd.kill()


# FM-F07
@suite.case
def raw_http_of_every_kind_is_answered_once_or_hung_up_on():
    many = "".join(f"X-{n}: {n}\r\n" for n in range(1000))
    body = json.dumps(created("D1", "ana"))
    post = f"Content-Type: {CLOUDEVENT['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    with daemon() as gritd:
        for raw, wanted in ((f"GET /metrics HTTP/1.1\r\nHost: x\r\n{many}\r\n", {431, 413, 400, None}),
                            (f"GET /metrics HTTP/1.1\r\nHost: x\r\nX: {'a' * 65536}\r\n\r\n", {431, 413, 400, None}),
                            (f"POST /v1/events HTTP/0.9\r\n{post}", {400, 505, None}),
                            ("GET /metrics/../metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404}),
                            ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404}),
                            ("GET /metrics%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404, 400}),
                            ("GET http://elsewhere/nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {404, 400}),
                            ("FLY /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {405, 501, 400})):
            with socket.create_connection(("127.0.0.1", gritd.port), timeout=WAIT_S) as link:
                got = b""
                with contextlib.suppress(OSError):  # hung up on: as good as a refusal
                    link.sendall(raw.encode())
                    link.shutdown(socket.SHUT_WR)
                    while piece := link.recv(65536):
                        got += piece
            status = int(got.split()[1]) if got.startswith(b"HTTP/1.1 ") else None
            check(status in wanted, f"{raw[:40]!r}: {got[:200]!r}")
            check(b"root:" not in got, "a file of the system")
        equal(gritd.metrics()["gritd_deals"], 0, "deals")


STATUS = re.compile(rb"(?:\A|[}\n])HTTP/1\.[01] (\d{3})[ \r]")
PIECES = (b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"%00", b"%2e%2e/", b"../", b"Content-Length: 7\r\n",
          b"Content-Length: -1\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n", b"\r\n\r\n",
          b"0\r\n\r\n", b"ffffffffffffffff\r\n", b"Connection: close\r\n", b"Connection: Upgrade\r\n", b"\xff\xfe",
          b"Expect: 100-continue\r\n", b"Host: y\r\n", b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", b"HTTP/0.9", b"{", b"\"")


def whole_requests():
    body = json.dumps(created("D1", "ana"))
    kind = f"Content-Type: {CLOUDEVENT['Content-Type']}\r\n"
    yield f"POST /v1/events HTTP/1.1\r\nHost: x\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    half = len(body) // 2
    yield (f"POST /v1/events HTTP/1.1\r\nHost: x\r\n{kind}Transfer-Encoding: chunked\r\n\r\n"
           f"{half:x}\r\n{body[:half]}\r\n{len(body) - half:x}\r\n{body[half:]}\r\n0\r\n\r\n")
    yield "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    yield "GET /page/data?x=%20&y=1 HTTP/1.1\r\nHost: x\r\nCookie: a=b; __Host-grit=1\r\n\r\n"
    yield "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nlink=ab"
    yield "OPTIONS /v1/events HTTP/1.1\r\nHost: x\r\nWebHook-Request-Origin: y\r\n\r\n"


def mutated(chance, raw):
    raw = bytearray(raw)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 6))):
        at, how = chance.randrange(len(raw) + 1), chance.randrange(5)
        if how == 0:
            raw[at:at] = chance.choice(PIECES) * chance.choice((1, 1, 1, 2, 300))
        elif how == 1:
            del raw[at:at + chance.choice((1, 1, 2, 10, 100))]
        elif how == 2 and at < len(raw):
            raw[at] = chance.randrange(256)
        elif how == 3:
            raw[at:at] = raw[chance.randrange(len(raw) + 1):][:chance.choice((1, 8, 60, 400))]
        elif at < len(raw):
            raw[at] ^= 1 << chance.randrange(8)
    return bytes(raw) * chance.choice((1, 1, 1, 2))


def fuzzed(chance, requests):
    """So many at once, half of them never whole: how often the daemon said what."""
    counts = {}
    with folder_with() as folder:
        gritd = Gritd(folder)
        links = []
        try:
            for _ in range(requests):
                raw = mutated(chance, chance.choice(list(whole_requests())).encode())
                links.append((raw, socket.create_connection(("127.0.0.1", gritd.port), timeout=WAIT_S)))
                with contextlib.suppress(OSError):  # hung up on
                    links[-1][1].sendall(raw)
            # the one is kept after all of them, and the other is answered after them
            gritd.take(created("Last", "ana"), created("Later", "ana"))
            for raw, link in links:
                got = b""
                link.setblocking(False)
                with contextlib.suppress(OSError):  # nothing more, or hung up
                    while piece := link.recv(65536):
                        got += piece
                found = [int(one) for one in STATUS.findall(got)]
                check(found or not got, f"no answer is this: {got[:200]!r} to {raw!r}")
                check(not [one for one in found if one >= 500 and one not in (501, 503, 505)], f"{got[:200]!r} to {raw!r}")
                for one in found:
                    counts[one] = counts.get(one, 0) + 1
                link.close()
            equal(gritd.stop(), 0, "exit code")
            kept = [one for one in gritd.store().journal() if "/crm/generic/" in json.dumps(one)]
            check(len(kept) - 2 <= counts.get(202, 0), f"{len(kept)} events in the journal, {counts} answered")
            for word in ("AddressSanitizer", "runtime error", "LeakSanitizer"):
                check(word not in gritd.log(), lambda: f"the sanitizer complains: {gritd.log()[-3000:]}")
        finally:
            for _, link in links:
                link.close()
            gritd.kill()
    return counts


# FM-F07
@suite.case
def random_http_is_answered_or_hung_up_on_and_smuggles_nothing():
    """GRITD_HTTP_FUZZ=N plays N requests, GRITD_HTTP_SEED=N the same ones again."""
    seed = int(os.environ.get("GRITD_HTTP_SEED") or random.SystemRandom().randrange(1 << 31))
    chance, batch = random.Random(seed), 300  # fewer than one address may have at once
    try:
        for _ in range(0, int(os.environ.get("GRITD_HTTP_FUZZ", "600")), batch):
            counts = fuzzed(chance, batch)
            check(all(counts.get(one) for one in (200, 202, 400)), f"too much of one kind: {counts}")
    except Failed as error:
        raise Failed(f"seed {seed}: {error}") from error


# FM-H01
@suite.case
def no_core_is_written_and_none_handed_on():
    """What the kernel lets nobody trace it hands to no crash reporter either: core(5), prctl(2) PR_SET_DUMPABLE. Then
    its files in /proc are root's."""
    user = 65534 if os.getuid() == 0 else os.getuid()
    if sandbox("") or not user:
        return
    with folder_with() as folder:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, -1)
        command = [binary("gritd"), "--config", str(folder / "gritd.yaml")]
        with open(folder / "log", "wb") as log:
            try:
                process = subprocess.Popen(command, user=user, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            except PermissionError:  # built where nobody but root may look
                return
            other = subprocess.Popen(["sleep", "1000"], user=user)
        try:
            until("its words", lambda: b"ready: " in (folder / "log").read_bytes())
            equal(os.stat(f"/proc/{other.pid}/environ").st_uid, user, "owner of another program's files in /proc")
            equal(os.stat(f"/proc/{process.pid}/environ").st_uid, 0, "owner of the daemon's")
            with open(f"/proc/{process.pid}/limits", encoding="ascii") as limits:
                core = next(line for line in limits if line.startswith("Max core file size"))
            equal(core.split()[4:6], ["0", "0"], "largest core file")
        finally:
            for one in (process, other):
                one.kill()
                one.wait()


# FM-H01
@suite.case
def files_of_the_daemon_are_for_its_user_only():
    with folder_with() as folder:
        os.umask(0)
        gritd = Gritd(folder)
        try:
            gritd.alive()
            gritd.take(created("D1", "ana"))
            for path in folder.glob("gritd.db*"):
                equal(oct(path.stat().st_mode & 0o777), oct(0o600), path.name)
            pid = gritd.process.pid
            check(CANARY not in pathlib.Path(f"/proc/{pid}/cmdline").read_text(), "arguments")
            os.kill(pid, signal.SIGABRT)
            gritd.wait()
            check(not [path for path in folder.iterdir() if path.name.startswith("core")], "a core file")
        finally:
            os.umask(0o022)
            gritd.kill()


suite.run()
