"""keeping.py BUILD_FOLDER [CASE...]: backup, restore, verify, export of everything, stores of older programs."""

import json
import resource
import signal
import stat
import subprocess
import sys
import threading

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this
from local_chat import LIMITS, Chat, clock, daemon, move_clock, question  # noqa: E402

suite = Suite()
LOCAL = "chat:\n  platform: local\n"
CANARY = "kanarienvogel-4712"
TABLES = {"journal": "at, time, id, type, kind, direction, flags, rep, deal, body",
          "state": "kind, key, value",
          "outbox": "key, state, attempt, at, due, deadline, rule, rep, deal, channel, platform_id, message",
          "decision": "at, rep, rule, outcome, line"}
ORDER = {"state": "kind, key"}
STATE_PENDING, STATE_PLUGIN = 4, 10
OLD = source_folder() / "tests/data/store-v1.sql"


def ctl(folder, *words, code=0):
    done = subprocess.run([binary("gritctl"), *map(str, words), "--config", str(folder / "gritd.yaml")],
                          capture_output=True, text=True, timeout=WAIT_S * 4, check=False)
    equal(done.returncode, code, f"gritctl {' '.join(map(str, words))} (it said: {(done.stderr + done.stdout)[-800:]})")
    return done.stdout + done.stderr


def content(path):
    """All rows of a store, table by table."""
    link = sqlite3.connect(path)
    try:
        return {name: link.execute(f"SELECT {columns} FROM {name} ORDER BY {ORDER.get(name, 'seq')}").fetchall()
                for name, columns in TABLES.items()}
    finally:
        link.close()


def pragma(path, name):
    link = sqlite3.connect(path)
    try:
        return link.execute(f"PRAGMA {name}").fetchone()[0]
    finally:
        link.close()


def run_sql(path, sql):
    link = sqlite3.connect(path)
    link.executescript(sql)
    link.close()


@contextlib.contextmanager
def stopped(deals=20, **more):
    """The folder of a daemon that has taken some deals and ended."""
    with scratch() as folder:
        configure(folder, LOCAL, **more)
        gritd = Gritd(folder).wait_ready()
        try:
            gritd.take(*[created(f"D{i}", "ana") for i in range(deals)], moved("D1", "ana", "propose"))
            equal(gritd.stop(), 0, "exit code")
            yield folder
        finally:
            gritd.kill()


def refused(folder, code, *words):
    """gritd ends with this code and one line that has these words, and leaves the store alone."""
    before = (folder / "gritd.db").read_bytes()
    gritd = Gritd(folder)
    equal(gritd.wait(), code, f"exit code ({gritd.log()[-400:]})")
    lines = [one for one in gritd.log().splitlines() if "gritd.db" in one]
    equal(len(lines), 1, f"lines about the store: {lines}")
    check(all(word in lines[0] for word in words), lines[0])
    equal((folder / "gritd.db").read_bytes(), before, "the store")


@suite.case
def a_backup_is_made_while_events_come_in():
    with daemon() as gritd:
        posted, done = [], threading.Event()

        def post():
            while not done.is_set():
                one = created(f"P{len(posted)}", "ana")
                posted.append(gritd.post(one).status)
        gritd.take(*[created(f"D{i}", "ana") for i in range(200)])
        thread = threading.Thread(target=post)
        thread.start()
        try:
            for i in range(5):
                before = len(posted)
                said = ctl(gritd.folder, "backup", gritd.folder / f"copy{i}.db")
                check("whole; " in said, said)
                until("events beside the backup", lambda: len(posted) > before)
        finally:
            done.set()
            thread.join()
        equal(set(posted), {202}, "answers")
        for i in range(5):
            copy = gritd.folder / f"copy{i}.db"
            equal(stat.S_IMODE(copy.stat().st_mode), 0o600, "mode")
            check("whole; " in ctl(gritd.folder, "verify", copy), "what verify says")
            rows = content(copy)
            check(len(rows["journal"]) >= 200, len(rows["journal"]))
            deals = {row[1] for row in rows["state"] if row[0] == STATE_DEAL}  # of one moment: each event has its deal
            equal(len(deals), len(rows["journal"]), "deals and events")
        check("whole; " in ctl(gritd.folder, "verify"), "what verify says of the store beside the daemon")
        check(not list(gritd.folder.glob("*.part")), "a part is left")


@suite.case
def a_backup_writes_over_nothing():
    with stopped() as folder:
        copy = folder / "copy.db"
        copy.write_text("mine")
        check("--force" in ctl(folder, "backup", copy, code=1), "what it says")
        equal(copy.read_text(), "mine", "the file")
        (folder / "copy.db.part").write_text("what an interrupted one left")
        ctl(folder, "backup", copy, "--force")
        equal(content(copy), content(folder / "gritd.db"), "rows")
        equal(stat.S_IMODE(copy.stat().st_mode), 0o600, "mode")
        for own in ("gritd.db", "gritd.db.lock"):
            check("is the store itself" in ctl(folder, "backup", folder / own, "--force", code=1), own)
        told = json.loads(ctl(folder, "backup", folder / "second.db", "--json"))
        equal((told["schema"], told["events"]), (2, 21), "as JSON")
        ctl(folder, "backup", folder / "no/such/folder.db", code=1)


def small_files_only():
    """A disk that is full after 16 KiB, for one process."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384))


@suite.case
def a_full_disk_leaves_no_half_backup_and_no_half_restore():
    with stopped() as folder:
        ctl(folder, "backup", folder / "good.db")
        before = content(folder / "gritd.db")
        for words in (("backup", folder / "copy.db"), ("restore", folder / "good.db"),
                      ("export", "--all", folder / "all.jsonl")):
            done = subprocess.run([binary("gritctl"), *map(str, words), "--config", str(folder / "gritd.yaml")],
                                  capture_output=True, text=True, timeout=WAIT_S, check=False,
                                  preexec_fn=small_files_only)
            equal(done.returncode, 1, f"{words[0]}: {done}")
            check(str(folder) in done.stderr, f"{words[0]} names no file: {done.stderr}")
        equal(content(folder / "gritd.db")["journal"], before["journal"], "events")
        left = {path.name for path in folder.iterdir()} & {"copy.db", "copy.db.part", "all.jsonl", "all.jsonl.part",
                                                          "gritd.db.restore"}
        equal(left, set(), "files of what failed")
        check("whole; " in ctl(folder, "verify"), "the store")


@suite.case
def damage_is_found_and_never_backed_up():
    faults = (("UPDATE journal SET at = 1 WHERE seq = 5", "goes back in time"),
              ("UPDATE journal SET body = '{' WHERE seq = 5", "no JSON"),
              ("UPDATE journal SET id = x'00' WHERE seq = 5", "no identity"),
              ("UPDATE state SET value = 'x' WHERE kind = 2 AND key = (SELECT min(key) FROM state WHERE kind = 2)",
               "no JSON"),
              ("UPDATE outbox SET state = 42", "nowhere between"),
              ("UPDATE outbox SET state = 1, message = NULL", "has no words"),
              ("UPDATE outbox SET message = '['", "no JSON"),
              ("DELETE FROM outbox", "has no message in the outbox"),
              ("UPDATE decision SET at = 1 WHERE seq = (SELECT max(seq) FROM decision);"
               "INSERT INTO decision VALUES (1000001, 5, 'a', 'b', 'c', '{}');"
               "INSERT INTO decision VALUES (1000002, 4, 'a', 'b', 'c', '{}')", "decisions go back"),
              ("UPDATE decision SET line = 'x'", "decision is no JSON"),
              ("DELETE FROM state WHERE kind = 6 AND key = 'secret'", "own secret"),
              ("UPDATE journal SET rep = 'gone-7' WHERE seq = 1", "more people were erased"),
              ("DROP INDEX decision_rep", "not those of gritd"))
    with stopped() as folder:
        store = folder / "gritd.db"
        whole = store.read_bytes()
        equal(ctl(folder, "verify").count("whole"), 1, "verdict")
        said = json.loads(ctl(folder, "verify", "--json"))
        with contextlib.closing(sqlite3.connect(store)) as link:
            for word, table in (("events", "journal"), ("messages", "outbox"), ("decisions", "decision"), ("states", "state")):
                equal(said[word], link.execute(f"SELECT count(*) FROM {table}").fetchone()[0], word)
        whole = store.read_bytes()
        for sql, words in faults:
            run_sql(store, sql)
            said = ctl(folder, "verify", code=1)
            check(words in said, f"{sql}: {said}")
            told = [json.loads(line) for line in ctl(folder, "verify", "--json", code=1).splitlines()]
            check(told and all(one["finding"] for one in told), told)
            ctl(folder, "backup", folder / "copy.db", code=1)
            check(not (folder / "copy.db").exists() and not (folder / "copy.db.part").exists(), "a copy of it")
            store.write_bytes(whole)
        bad = bytearray(whole)
        bad[-4096:] = b"\xa5" * 4096
        store.write_bytes(bad)
        ctl(folder, "verify", code=1)
        ctl(folder, "backup", folder / "copy.db", code=1)
        check(not (folder / "copy.db").exists(), "a copy of a damaged file")
        for text in (b"", b"no store at all\n" * 100):
            store.write_bytes(text)
            ctl(folder, "verify", code=1)
            ctl(folder, "restore", store, code=1)
        store.unlink()
        ctl(folder, "verify", code=1)
        ctl(folder, "backup", folder / "copy.db", code=1)


# FM-A12
@suite.case
def a_restored_backup_is_known_at_the_next_start():
    with scratch() as folder:
        fake, gritd = Fake(folder), None
        try:
            configure(folder, slack_chat(fake.api))
            gritd = Gritd(folder).wait_ready()
            gritd.take(created("D1", "ana"), created("D2", "ben"))
            ctl(folder, "backup", folder / "copy.db")
            asked = moved("D1", "ana", "propose")
            gritd.take(asked)
            until("the question", lambda: len(fake.from_bot("U1")) == 1)
            until("it to be settled", lambda: not gritd.metrics()["gritd_outbox_messages"])
            said = ctl(folder, "restore", folder / "copy.db", code=1)
            check("stop gritd first" in said, said)
            equal(gritd.stop(), 0, "exit code")
            before = content(folder / "gritd.db")
            said = ctl(folder, "restore", folder / "copy.db")
            check("for a day it looks up" in said and "is kept as" in said, said)
            kept = list(folder.glob("gritd.db.before-*Z"))
            equal(len(kept), 1, "stores of before")
            equal(content(kept[0]), before, "the store of before")
            equal(stat.S_IMODE((folder / "gritd.db").stat().st_mode), 0o600, "mode")
            check(not list(folder.glob("gritd.db.restore*")), "what is left of the work")

            gritd = Gritd(folder).wait_ready()  # without --restored
            check("the store is a backup that was put back" in gritd.log(), gritd.log()[-600:])
            gritd.take(asked)  # the CRM sends again what came since
            until("it to be settled", lambda: gritd.store().outbox() and not gritd.metrics()["gritd_outbox_messages"])
            gritd.take(moved("D2", "ben", "propose"))
            until("the new question", lambda: len(fake.from_bot("U2")) == 1)
            equal(len(fake.from_bot("U1")), 1, "messages")
            equal(fake.stats()["duplicates"], [], "messages stored twice")
            equal(gritd.stop(), 0, "exit code")
            gritd = Gritd(folder).wait_ready()
            check("put back" not in gritd.log(), "told at each start")
        finally:
            if gritd:
                gritd.kill()
            fake.kill()


@suite.case
def who_was_erased_since_the_backup_is_erased_again():
    with daemon() as gritd:
        folder, chat = gritd.folder, Chat(gritd, "ana")
        asked = question(gritd, chat)
        chat.click(asked, "answer", CANARY)
        chat.update("her answer", asked, lambda one: CANARY in one["text"])
        ctl(folder, "backup", folder / "copy.db")
        check(CANARY.encode() in (folder / "copy.db").read_bytes(), "it was never there")
        equal(gritd.stop(), 0, "exit code")
        ctl(folder, "erase", "--rep", "ana", "--yes")
        said = ctl(folder, "restore", folder / "copy.db")
        check("ana: was erased since the backup was made, and is erased again" in said, said)
        equal([path.name for path in folder.glob("gritd.db*") if CANARY.encode() in path.read_bytes()], [], "her words")
        equal(gritd.store().rows("SELECT count(*) FROM state WHERE kind = 1 AND key = 'ana'"), [(0,)], "her profile")
        check(gritd.store().rows("SELECT count(*) FROM state WHERE kind = 1 AND key = 'ben'") == [(1,)], "his profile")
        # nobody is left to compare with: it says so
        (folder / "gritd.db").unlink()
        said = ctl(folder, "restore", folder / "copy.db")
        check("cannot be told" in said and "gritctl erase" in said, said)
        check(CANARY.encode() in (folder / "gritd.db").read_bytes(), "her words")
        ctl(folder, "erase", "--rep", "ana", "--yes")
        # she is known again, from nothing: two were erased, and the files tell of none
        gritd.restart()
        equal(gritd.stop(), 0, "exit code")
        told = json.loads(ctl(folder, "restore", folder / "copy.db", "--json", code=1).splitlines()[1])
        equal((told["left_to_erase"], told["erased_again"], told["compared"]), (1, [], True), "as JSON")
        ctl(folder, "erase", "--rep", "ana", "--yes")
        gritd.restart()
        equal(gritd.stop(), 0, "exit code")
        said = ctl(folder, "restore", folder / "copy.db", code=1)
        check("1 of the people erased since" in said, said)
        gritd.restart()


@suite.case
def a_restore_that_cannot_be_leaves_the_store_alone():
    with stopped() as folder:
        store, copy = folder / "gritd.db", folder / "copy.db"
        ctl(folder, "backup", copy)
        before = content(store)
        whole = copy.read_bytes()
        for text in (b"", b"none of ours\n" * 100, whole[:len(whole) // 2], whole[:-4096] + b"\xa5" * 4096):
            copy.write_bytes(text)
            ctl(folder, "restore", copy, code=1)
            equal(content(store), before, "rows")
        copy.unlink()
        ctl(folder, "restore", copy, code=1)
        equal(content(store), before, "rows")
        equal(sorted(path.name for path in folder.glob("gritd.db*") if path.name[8:] not in ("-wal", "-shm", ".lock")),
              ["gritd.db"], "files")
        copy.write_bytes(whole)
        store.write_bytes(b"\xa5" * 9000)  # damaged beyond all reading: the reason for a restore
        owner = os.geteuid() or 65534  # root restores for somebody who is not
        os.chown(store, owner, -1)
        ctl(folder, "restore", copy)
        equal({path.stat().st_uid for path in (store, folder / "gritd.db.lock")}, {owner}, "owner")
        without = [row for row in content(store)["state"] if row[1] != "restored"]
        equal((without, content(store)["journal"]), (before["state"], before["journal"]), "rows")


def plain(value):
    return json.loads(value) if isinstance(value, str) and value[:1] in ("{", "[") else value


@suite.case
def the_whole_store_leaves_as_json_and_can_be_read_back():
    with daemon() as gritd:
        folder, chat = gritd.folder, Chat(gritd, "ana")
        asked = question(gritd, chat)
        chat.click(asked, "answer", f"{CANARY} \u20ac \"quoted\"")
        chat.update("her answer", asked, lambda one: CANARY in one["text"])
        (folder / "out").mkdir()
        ctl(folder, "export", "--all", folder / "out")
        ctl(folder, "export", "--all", folder / "all.jsonl")
        rows = {name: [json.loads(line) for line in (folder / f"out/{name}.jsonl").read_text().splitlines()]
                for name in TABLES}
        one = [json.loads(line) for line in (folder / "all.jsonl").read_text().splitlines()]
        equal(stat.S_IMODE((folder / "all.jsonl").stat().st_mode), 0o600, "mode")
        check("--force" in ctl(folder, "export", "--all", folder / "all.jsonl", code=1), "what it says")
        said = Chat(gritd, "ben")
        said.say("privacy")
        said.message("that it was taken out", lambda got: "took out everything" in got["text"])
        equal(gritd.stop(), 0, "exit code")
        stdout = ctl(folder, "export", "--all", "-")
        last = [json.loads(line) for line in stdout.splitlines()]
        stored = content(folder / "gritd.db")
        for name, columns in TABLES.items():  # the last one is the store as it is now
            names = columns.split(", ")
            back = [tuple(bytes.fromhex(got[key]) if key == "id" else got[key] for key in names)
                    for got in last if got["row"] == name]
            wanted = [tuple(plain(value) for value in row) for row in stored[name]]
            equal(len(back), len(wanted), name)
            equal(back, wanted, name)
            check(not [got for got in rows[name] if got["row"] != name], "another table's rows")
        check(len(one) >= len([got for name in rows for got in rows[name]]), "rows of one file")
        events = [got for got in one if got["row"] == "journal"]  # and that it was taken out before
        equal(events[:len(rows["journal"])], rows["journal"], "events of both forms")
        gritd.restart()


def taken_over(folder):
    """A store that the last gritd of schema 1 wrote (data/store_v1.py), and the configuration of then: the sample
    one, with the plugins that are kept in the store. Its time is in a year to come, and goes on from there."""
    store = folder / "gritd.db"
    run_sql(store, "PRAGMA page_size=8192;" + OLD.read_text())
    store.chmod(0o600)
    with contextlib.closing(sqlite3.connect(store)) as link:
        plugins = {pathlib.Path(path).name: json.loads(value)["text"]
                   for path, value in link.execute("SELECT key, value FROM state WHERE kind = ?", (STATE_PLUGIN,))}
    sample = source_folder() / "config/try"
    configure(folder, LOCAL, limits=LIMITS + "  ramp: off\n", people=(sample / "people.yaml").read_text(),
              pipeline=(sample / "pipeline.yaml").read_text(), plugins=plugins)
    return store


@suite.case
def a_store_of_each_older_schema_is_brought_up_to_date():
    with scratch() as folder:
        store = taken_over(folder)
        equal((pragma(store, "user_version"), pragma(store, "page_size")), (1, 8192), "the old store")
        before = content(store)
        check("schema 1" in ctl(folder, "verify"), "an old one is looked through as it is")
        ctl(folder, "backup", folder / "copy.db")
        equal((pragma(folder / "copy.db", "user_version"), pragma(folder / "copy.db", "page_size")), (1, 4096),
              "schema and pages of the copy")
        check("start gritd once" in ctl(folder, "report", code=1), "what a reader says")
        gritd = Gritd(folder).wait_ready()
        try:
            equal(gritd.metrics()["gritd_deals"], 7, "deals")
            equal(gritd.stop(), 0, "exit code")
            equal(pragma(store, "user_version"), 2, "schema")
            after = content(store)
            equal([after[name][:len(before[name])] for name in ("journal", "decision")],
                  [before[name] for name in ("journal", "decision")], "rows")
            check("whole; " in ctl(folder, "verify"), "the new one")
            ctl(folder, "restore", folder / "copy.db")
            equal((pragma(store, "user_version"), pragma(store, "page_size")), (2, 4096), "restored: schema and pages")
            gritd.restart()
            equal(gritd.metrics()["gritd_deals"], 7, "deals")
            equal(gritd.stop(), 0, "exit code")
        finally:
            gritd.kill()


@suite.case
def what_an_older_program_left_open_goes_on():
    """A row of each kind that schema 1 had, read by today's program and met again by the people."""
    with scratch() as folder:
        store = taken_over(folder)
        before = {row[:2] for row in content(store)["state"]}
        ctl(folder, "check")
        gritd = Gritd(folder).wait_ready()
        try:
            until("all of it in the store", lambda: gritd.metrics()["gritd_store_rows_queued"] == 0)
            gone = before - {row[:2] for row in content(store)["state"]}
            equal([row for row in gone if row[0] != STATE_PLUGIN], [], "rows that the start took away")
            ana = Chat(gritd, "ana")
            talk = ana.message("the talk where it stood", lambda one: "Whose goal" in one["text"])
            asked = ana.message("the open question", lambda one: "Fenland" in one["text"] and one["buttons"])
            ana.click(talk, "answer", "mine")
            ana.message("its next step", lambda one: "better off" in one["text"])
            ana.click(asked, "answer", "Today, in today's program")
            ana.update("the answer", asked, lambda one: "Today, in" in one["text"])
            for words, part in (("goals", "20 calls"), ("plan", "call Rosa"), ("privacy", "and 1 you share"),
                                ("privacy", "Dana Okafor prepared"), ("history", "A calm talk")):
                ana.say(words)
                ana.message(f"{part} after {words}", lambda one: part in one["text"])
            check("one_to_one" in ctl(folder, "ledger"), "the manager's coaching")
            held = gritd.store().states(STATE_PENDING)
            check(len(held) >= 2, held)
            move_clock(gritd, clock(gritd) + 15 * 3600)  # eleven in the morning
            ana.message("what was put off", lambda one: "You asked me to come back" in one["text"])
            Chat(gritd, "ben").message("what was kept for the morning", lambda one: "Garland" in one["text"])
            equal(gritd.stop(), 0, "exit code")
            check("whole; " in ctl(folder, "verify"), "the store")
        finally:
            gritd.kill()


# FM-A13
@suite.case
def a_newer_store_is_refused_with_78_and_one_line():
    with stopped() as folder:
        store = folder / "gritd.db"
        ctl(folder, "backup", folder / "copy.db")
        for path in (store, folder / "copy.db"):
            run_sql(path, "PRAGMA user_version=99")
        for name in ("gritd.db-wal", "gritd.db-shm"):
            (folder / name).unlink(missing_ok=True)
        refused(folder, 78, "version 99 is newer", "left untouched")
        for words in (("verify",), ("backup", folder / "more.db"), ("restore", folder / "copy.db"),
                      ("export", "--all", folder / "all.jsonl")):
            said = ctl(folder, *words, code=1)
            check("newer" in said and len(said.strip().splitlines()) == 1, f"{words}: {said}")
        check(not (folder / "more.db").exists() and not (folder / "all.jsonl").exists(), "what was made of it")


suite.run()
