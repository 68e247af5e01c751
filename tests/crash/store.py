"""store.py BUILD_FOLDER [CASE...]: an upgrade that is killed, a store that others hold, a loop that stands still."""

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.dont_write_bytecode = True
from shim import *  # noqa: E402,F403 - the library of faults is made for this
from lib import *  # noqa: E402,F403 - the test library is made for this

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
DEALS = 30
LOCKED_S = float(os.environ.get("GRITD_TEST_LOCKED_S", "2"))  # the matrix says 30


def row(folder, sql):
    db = sqlite3.connect(folder / "gritd.db")
    try:
        return db.execute(sql).fetchone()[0]
    finally:
        db.close()


def first_version(folder):
    """The store of a daemon of the first version, some of it still in its log."""
    db = sqlite3.connect(folder / "gritd.db")
    db.executescript("CREATE INDEX journal_at ON journal (at); PRAGMA user_version=1")
    db.close()


# FM-A13
@suite.case
def upgrade_killed_at_each_write_is_whole_or_not_begun():
    with scratch() as folder:
        configure(folder, LOCAL)
        gritd = Gritd(folder).wait_ready()
        gritd.take(*[created(f"D{i}", "ana") for i in range(DEALS)])
        equal(gritd.stop(), 0, "exit code")
        first_version(folder)
        before, at, seen = (folder / "gritd.db").read_bytes(), 0, set()
        while seen != {1, 2} or at <= last + 2:  # a little beyond the moment that it was done
            at += 1
            for how in (KILL_BEFORE, KILL_AFTER):
                for name in ("gritd.db-wal", "gritd.db-shm"):
                    (folder / name).unlink(missing_ok=True)
                (folder / "gritd.db").write_bytes(before)
                block = Block(folder)
                block.arm(OUTPUT, at, how)
                gritd = Gritd(folder, env=block.env)
                equal(gritd.wait(), -9, "how it ended")
                block.close()
                version = row(folder, "PRAGMA user_version")
                if version not in seen:
                    last = at
                seen.add(version)
                equal(row(folder, "SELECT count(*) FROM sqlite_schema WHERE name = 'journal_at'"), 2 - version,
                      f"the index of version {version} after call {at}")
                equal(row(folder, "PRAGMA integrity_check"), "ok", "integrity_check")
                gritd = Gritd(folder).wait_ready()
                equal(gritd.metrics()["gritd_deals"], DEALS, "deals")
                equal(gritd.stop(), 0, "exit code")
                equal(row(folder, "PRAGMA user_version"), 2, "version in the end")
        print(f"  killed at {2 * at} moments")


KILLS = int(os.environ.get("GRITD_TEST_KEEPING_KILLS", "8"))  # of each command; restore has 117 writes


def tool(folder, *words, env=None):
    whole = {**os.environ, **(env or {})}
    return subprocess.run([binary("gritctl"), *map(str, words), "--config", str(folder / "gritd.yaml")],
                          env=whole, capture_output=True, check=False, timeout=WAIT_S).returncode


def deals_of(path):
    db = sqlite3.connect(path)
    try:
        equal(db.execute("PRAGMA integrity_check").fetchone()[0], "ok", f"{path.name}: integrity_check")
        return db.execute("SELECT count(*) FROM state WHERE kind = 2").fetchone()[0]
    finally:
        db.close()


@suite.case
def backup_and_restore_killed_at_a_write_leave_whole_files():
    with scratch() as folder:
        configure(folder, LOCAL)
        store, copy = folder / "gritd.db", folder / "copy.db"
        gritd = Gritd(folder).wait_ready()
        gritd.take(*[created(f"D{i}", "ana") for i in range(DEALS)])
        equal(gritd.stop(), 0, "exit code")
        equal(tool(folder, "backup", copy), 0, "exit code")
        backup = copy.read_bytes()
        gritd = Gritd(folder).wait_ready()
        gritd.take(*[created(f"E{i}", "ana") for i in range(DEALS)])
        gritd.kill()
        after = {name: (folder / name).read_bytes() for name in ("gritd.db", "gritd.db-wal") if (folder / name).exists()}

        def start(words):
            for path in [*folder.glob("gritd.db*"), *folder.glob("copy.db*")]:
                path.unlink()
            for name, content in after.items():
                (folder / name).write_bytes(content)
            if words[0] == "restore":
                copy.write_bytes(backup)
            return Block(folder)
        for words in (("backup", copy), ("restore", copy)):
            block = start(words)
            equal(tool(folder, *words, env=block.env), 0, "exit code")
            calls, seen = block.count(OUTPUT), set()
            block.close()
            for i in range(KILLS):
                at = 1 + i * calls // KILLS
                block = start(words)
                block.arm(OUTPUT, at, KILL_BEFORE if i % 2 else KILL_AFTER)
                equal(tool(folder, *words, env=block.env), -9, f"{words[0]}, killed at write {at} of {calls}")
                block.close()
                seen.add(deals_of(store))
                if words[0] == "backup" and copy.exists():
                    equal(deals_of(copy), 2 * DEALS, "what is under the name of the backup")
                refused = words[0] == "backup" and copy.exists()  # it was done, but for its last words
                equal(tool(folder, *words), 1 if refused else 0, f"{words[0]} once more")
                equal(deals_of(store), 2 * DEALS if words[0] == "backup" else DEALS, "deals in the end")
            check(seen <= {2 * DEALS, DEALS}, f"deals in the store after a kill: {seen}")
            print(f"  {words[0]}: {KILLS} of {calls} writes")


ROWS = int(os.environ.get("GRITD_TEST_ROWS", "32"))  # the matrix says 5,000 in each of the four states
REPS = max(8, ROWS // 500)
UNFINISHED = {"planned": 1, "intent": 2, "unknown": 4, "retry": 5}


# FM-A09
@suite.case
def rows_of_a_dead_daemon_are_decided_within_ten_seconds():
    with scratch() as folder:
        fake, gritd = Fake(folder, REPS, quiet=True), None
        try:
            fake.set(fail_before_store={"method": "chat.postMessage", "status": 429, "retry_after": 3600, "count": -1})
            configure(folder, slack_chat(fake.api, more="    messages_per_minute: 0\n"), people="people:\n" + "".join(
                f"  - {{id: p{i}, name: Person {i}, chat: U{i}, zone: UTC}}\n" for i in range(1, REPS + 1)))
            gritd = Gritd(folder).wait_ready()
            for first in range(0, ROWS, 100):
                gritd.take([moved(f"D{n}", f"p{1 + n % REPS}", "propose") for n in range(first, min(ROWS, first + 100))])
            until("the messages to wait", lambda: gritd.metrics()["gritd_outbox_messages"] == ROWS)
            gritd.kill()
            db = sqlite3.connect(folder / "gritd.db")
            kinds = {}
            with db:
                for number, (seq, key) in enumerate(db.execute("SELECT seq, key FROM outbox ORDER BY seq").fetchall()):
                    kinds[key] = kind = list(UNFINISHED)[number // REPS % len(UNFINISHED)]
                    db.execute("UPDATE outbox SET state = ?, due = at, attempt = ?, deadline = ? WHERE seq = ?",
                               (UNFINISHED[kind], kind != "planned", int(time.time() * 1000), seq))
            db.close()
            fake.set(fail_before_store=None)
            begun = time.monotonic()
            gritd = Gritd(folder)
            seen = {}

            def decided():
                """Sent, or looked for and to be looked for once more."""
                for (key,) in gritd.store().rows("SELECT key FROM outbox WHERE state = 3 OR state = 4 AND due > deadline"):
                    seen.setdefault(kinds[key], time.monotonic() - begun)
                return len(seen) == len(UNFINISHED)
            # of few rows ten seconds say nothing, and a busy machine may need them
            within("one of each kind", decided, 10 * SLOW if ROWS >= 1000 else WAIT_S)
            until("all of them", lambda: gritd.metrics()["gritd_outbox_messages"] == 0, 60 + ROWS / 20, 0.2)
            print(f"  {ROWS} rows in {time.monotonic() - begun:.0f} s, the first of each kind after "
                  + ", ".join(f"{kind} {at:.1f}" for kind, at in seen.items()))
            equal(fake.stats()["duplicates"], [], "messages stored twice")
            equal(fake.stats()["posts_stored"], ROWS, "messages")
            equal(gritd.stop(), 0, "exit code")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


# FM-A07
@suite.case
def store_held_by_another_process_holds_nothing_else_up():
    with scratch() as folder:
        fake, gritd = Fake(folder), None
        try:
            configure(folder, slack_chat(fake.api))
            gritd = Gritd(folder).wait_ready()
            gritd.take(created("D1", "ana"))
            other = sqlite3.connect(folder / "gritd.db", isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            answers = []
            sender = threading.Thread(target=lambda: answers.append(
                gritd.post(moved("D1", "ana", "propose"), timeout=LOCKED_S + WAIT_S).status))
            sender.start()
            end, taken = time.monotonic() + LOCKED_S, []
            while time.monotonic() < end or len(taken) < 50:
                begun = time.monotonic()
                equal(gritd.get("/healthz").status, 200, "status")
                taken.append(time.monotonic() - begun)
            usual = sorted(taken)[len(taken) // 2]  # the machine may hold up some, the store none
            check(usual < 1 * SLOW, f"answers took {usual:.2f} s")
            equal((answers, fake.from_bot("U1")), ([], []), "promises and questions without a commit")
            other.execute("ROLLBACK")
            other.close()
            sender.join(WAIT_S)
            equal(answers, [202], "the answer once it was written")
            until("the question", lambda: len(fake.from_bot("U1")) == 1)
            equal(fake.stats()["methods"].get("apps.connections.open"), 1, "connections")
            equal(gritd.stop(), 0, "exit code")
        finally:
            for one in (gritd, fake):
                if one:
                    one.kill()


# FM-K03
@suite.case
def loop_that_stands_still_gives_no_sign_of_life():
    with scratch() as folder:
        configure(folder, LOCAL)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(folder / "notify"))
            block = Block(folder)
            gritd = Gritd(folder, env={**block.env, "NOTIFY_SOCKET": str(folder / "notify"),
                                       "WATCHDOG_USEC": "200000"})

            def sign(limit):
                manager.settimeout(limit * SLOW)
                try:
                    return manager.recv(200)
                except TimeoutError:
                    return None

            def empty():
                while sign(0.01):
                    pass
            try:
                gritd.wait_ready()
                gritd.take(created("D1", "ana"))
                empty()
                for _ in range(3):
                    equal(sign(5), b"WATCHDOG=1", "a sign of life")
                block.arm(LOOP, 1, for_ever=True)
                until("the loop to stand still", lambda: block.played)
                empty()
                equal(sign(1), None, "a sign of life of a loop that stands still")
                check(gritd.running(), "it has ended")
                block.disarm()
                equal(sign(5), b"WATCHDOG=1", "a sign of life afterwards")
                block.arm(LOOP, 1, for_ever=True)
                gritd.kill()  # as the service manager does then
                block.disarm()
                gritd.restart()
                gritd.wait_ready()
                equal(gritd.metrics()["gritd_deals"], 1, "deals")
                equal(gritd.stop(), 0, "exit code")
            finally:
                gritd.kill()
                block.close()


library()
suite.run()
