"""privacy.py BUILD_FOLDER [CASE...]: what is kept of a person, from outside: logs, files, commands, the chat."""

import json
import subprocess
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this
from local_chat import Chat, clock, daemon, question  # noqa: E402

suite = Suite()
CANARY = "kanarienvogel-4711"
MORE = "log: {level: debug, format: text}\npurpose: coaching, and nothing else\ncontroller: Example Ltd\n"


def ctl(folder, *words, code=0):
    done = subprocess.run([binary("gritctl"), *words, "--config", str(folder / "gritd.yaml")],
                          capture_output=True, text=True, timeout=WAIT_S * 4, check=False)
    equal(done.returncode, code, f"gritctl {' '.join(words)} (it said: {done.stderr[-800:]})")
    return done.stdout


def on_disk(folder, word):
    """The files of the store that hold these bytes."""
    found = []
    for name in ("gritd.db", "gritd.db-wal", "gritd.db-shm"):
        path = folder / name
        if path.exists() and word.encode() in path.read_bytes():
            found.append(name)
    return found


def answered(gritd, chat, words=CANARY):
    asked = question(gritd, chat)
    chat.click(asked, "answer", words)
    chat.update("her answer", asked, lambda one: words in one["text"])


def reply(chat, words, start):
    def found():
        return [one["text"] for one in chat.messages() if start in one["text"]]
    before = len(found())
    chat.say(words)
    return until(f"the answer to {words}", lambda: found()[before:])[-1]


@suite.case
def a_log_at_debug_level_holds_no_word_of_an_answer():
    with daemon(more=MORE) as gritd:
        chat = Chat(gritd, "ana")
        answered(gritd, chat)
        chat.say(f"share {CANARY}")
        reply(chat, "history", "for your eyes only")
        ctl(gritd.folder, "why", "--rep", "ana")
        ctl(gritd.folder, "export", "--rep", "ana")
        check(CANARY not in gritd.log(whole=True), "the log holds an answer")
        check(CANARY not in json.dumps(gritd.metrics()), "the metrics hold an answer")


# FM-J03
@suite.case
def whoever_looks_is_written_down_and_she_can_read_it():
    with daemon(more=MORE) as gritd:
        chat = Chat(gritd, "ana")
        answered(gritd, chat)
        check("Nobody has looked" in reply(chat, "privacy", "What I am for"), "somebody looked?")
        ctl(gritd.folder, "why", "--rep", "ana")
        ctl(gritd.folder, "export", "--rep", "ana")
        seen = reply(chat, "privacy", "What I am for")
        check("took out everything" in seen and "looked up why" in seen, seen)
        check(f"(user {asking_user()})" in seen, seen)
        check("coaching, and nothing else" in seen and "Example Ltd" in seen, seen)
        other = Chat(gritd, "ben")
        check("Nobody has looked" in reply(other, "privacy", "What I am for"), "that was not about ben")


@suite.case
def looking_at_a_stopped_store_is_written_down_too():
    with daemon(more=MORE) as gritd:
        chat = Chat(gritd, "ana")
        answered(gritd, chat)
        equal(gritd.stop(), 0, "exit code")
        ctl(gritd.folder, "export", "--rep", "ana")
        out = json.loads(ctl(gritd.folder, "export", "--rep", "ana"))
        looks = [row["value"] for row in out["rows"] if row.get("what") == "who has looked"]
        equal([look["what"] for look in looks], ["export"], "looks")
        check(CANARY in json.dumps(out), "the answer is not in the export")
        check(CANARY in ctl(gritd.folder, "export", "--rep", "ana", "--text"), "nor in the text")
        ctl(gritd.folder, "export", "--rep", "nobody", code=1)
        # what cannot be written down is not shown
        lock = gritd.folder / "gritd.db.lock"
        import fcntl
        with open(lock, "r+", encoding="ascii") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            equal(ctl(gritd.folder, "why", "--rep", "ana", code=1), "", "what was shown all the same")
        gritd.restart()
        chat = Chat(gritd, "ana")
        check("took out everything" in reply(chat, "privacy", "What I am for"), "lost over the restart")


# FM-J04
@suite.case
def forget_me_leaves_no_byte_in_the_files():
    with daemon(more=MORE) as gritd:
        chat, other = Chat(gritd, "ana"), Chat(gritd, "ben")
        answered(gritd, chat)
        asked = question(gritd, other, "D2", "ben")
        other.click(asked, "answer", "ben stays")
        other.update("his answer", asked, lambda one: "ben stays" in one["text"])
        check(on_disk(gritd.folder, CANARY), "it was never there")
        reply(chat, "forget me", "cannot be undone")
        reply(chat, "yes", "I am erasing everything now")
        until("the files to be clean", lambda: not on_disk(gritd.folder, CANARY))
        until("the end", lambda: not gritd.control("erasing", rep="ana")["erasing"])
        equal(on_disk(gritd.folder, '"to":"ana"'), [], "her messages")
        check(on_disk(gritd.folder, "ben stays"), "his answer is gone too")
        check(CANARY not in reply(other, "history", "for your eyes only"), "his history")
        # still in people.yaml: known again, from nothing
        check("not asked you anything" in reply(chat, "history", "I have not asked you"), "her history")
        page = Chat(gritd, "ana")
        holds("her words in the chat of the page", lambda: [one for one in page.got if CANARY in str(one)], 0.3)
        question(gritd, chat, "D7")
        gritd.process.kill()
        gritd.restart()
        equal(on_disk(gritd.folder, CANARY), [], "after a kill")


@suite.case
def forget_me_can_be_pressed():
    """B57: by a button, too: one erases, the other keeps; an old one and another person's erase nothing."""
    with daemon(more=MORE) as gritd:
        chat, other = Chat(gritd, "ana"), Chat(gritd, "ben")
        answered(gritd, chat)

        def asked(who):
            before = len(who.messages())
            who.say("forget me")
            until("the question", lambda: len(who.messages()) > before)
            return who.messages()[-1]
        first = asked(chat)
        equal([one["id"] for one in first["buttons"]], ["forget_yes", "forget_no"], "buttons")
        chat.click(first, "forget_no")
        chat.update("that it was kept", first, lambda one: "Nothing was erased" in one["text"] and not one["buttons"])
        check(on_disk(gritd.folder, CANARY), "it was kept")
        chat.click(first, "forget_yes")  # nobody asks any more
        chat.update("that it is too late", first, lambda one: "too long ago" in one["text"])
        second = asked(chat)
        other.click(second, "forget_yes")  # another person's click is that person's alone
        holds("an erasure", lambda: not on_disk(gritd.folder, CANARY), 0.3)
        chat.click(second, "forget_yes")
        until("the files to be clean", lambda: not on_disk(gritd.folder, CANARY))


@suite.case
def words_that_are_not_stored_are_in_no_file():
    """E4 and E14: not in the database, its log or its free pages, and not in the log of gritd."""
    plugin = ASKING.replace("kind: skill", "kind: belief")
    check("kind: belief" in plugin, "the plugin of the tests has another kind now")
    for more, plugins in ((MORE + "answers: not-stored\n", None), (MORE, {"asking.yaml": plugin})):
        with daemon(more=more, plugins=plugins) as gritd:
            chat = Chat(gritd, "ana")
            asked = question(gritd, chat)
            chat.click(asked, "answer", CANARY + " is what I say")
            done = chat.update("that it was answered", asked, lambda one: "not stored your words" in one["text"])
            check(CANARY not in json.dumps(done), "the message has the words")
            question(gritd, chat, "D2")
            chat.say(CANARY + " once more")
            until("the second answer", lambda: "2 of your questions and talks, 0 of them with an answer" in
                  reply(chat, "privacy", "What I am for"))
            equal(on_disk(gritd.folder, CANARY), [], "while it runs")
            check(CANARY not in gritd.log(whole=True), "the log holds an answer")
            if plugins:
                reply(chat, "keep this", "Kept")
                check(on_disk(gritd.folder, CANARY), "it was asked for, and is not there")
            else:
                equal(gritd.stop(), 0, "exit code")
                equal(on_disk(gritd.folder, CANARY), [], "after the end")
                gritd.restart()


@suite.case
def anonymous_words_stand_beside_nobody():
    """B58: in the files they are in the box alone; the row of the chat has no word of them."""
    with daemon(more=MORE) as gritd:
        chat = Chat(gritd, "ana")
        reply(chat, f"anonymous {CANARY}", "without your name")
        out = ctl(gritd.folder, "export", "--rep", "ana")
        check(CANARY not in out, "it is in her export")
        check(CANARY not in gritd.log(whole=True), "the log holds it")
        check("There is nothing to show" in reply(Chat(gritd, "dana"), "voices", "nothing to show"), "shown")
        equal(gritd.stop(), 0, "exit code")
        import sqlite3
        base = sqlite3.connect(gritd.folder / "gritd.db")
        rows = base.execute("select kind, key, value from state where value like ?", (f"%{CANARY}%",)).fetchall()
        equal([(kind, key) for kind, key, _ in rows], [(17, "open|west")], "rows with it")
        check('"ana"' not in rows[0][2], rows[0][2])
        for table in ("journal", "outbox", "decision"):
            for row in base.execute(f"select * from {table}"):
                check(CANARY not in str(row), lambda: f"{table}: {row}")
        base.close()
        gritd.restart()


@suite.case
def gritctl_erases_beside_a_running_and_a_stopped_daemon():
    with daemon(more=MORE) as gritd:
        chat = Chat(gritd, "ana")
        answered(gritd, chat)
        ctl(gritd.folder, "erase", "--rep", "ana", code=2)
        said = ctl(gritd.folder, "erase", "--rep", "ana", "--yes")
        check("Nothing about ana is in the store any more" in said and "Not reached: backups" in said, said)
        equal(on_disk(gritd.folder, CANARY), [], "beside the daemon")
        gritd.alive()
        asked = question(gritd, chat, "D8")
        chat.click(asked, "answer", CANARY)
        chat.update("her answer", asked, lambda one: CANARY in one["text"])
        equal(gritd.stop(), 0, "exit code")
        check(on_disk(gritd.folder, CANARY), "it was never there")
        check("was not running" in ctl(gritd.folder, "erase", "--rep", "ana", "--yes"), "what it says")
        equal(on_disk(gritd.folder, CANARY), [], "of the stopped daemon")
        gritd.restart()
        check("not asked you anything" in reply(Chat(gritd, "ana"), "history", "I have not"), "her history")


@suite.case
def the_council_page_comes_from_the_configuration():
    plugin = """\
plugin: p
about: A plugin of a test.
version: 1
area: opportunity
questions:
  next: {kind: skill, reader: rep, answer: text, text: "What is *next*?"}
  need: {kind: skill, reader: manager, answer: text, text: "What do you need?"}
rules:
  - {rule: ask-next, about: to think ahead, when: deal.won, ask: next}
  - {rule: ask-need, about: to help, when: deal.lost, ask: need}
"""
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", plugins={"p.yaml": plugin},
                  more=MORE + "keep: {answers: 33, messages: 11}\n")
        page = ctl(folder, "council")
        for words in ("Purpose: coaching, and nothing else", "Responsible: Example Ltd", "### ask-next (p)",
                      "to think ahead", "question `next`, read by only the person who answers",
                      "question `need`, read by the person and the person's manager", "“What is \\*next\\*?”",
                      "| questions and answers | 33 after their end", "| words of messages sent | 11 |",
                      "no score, rank or comparison", "forget me: erase everything", "who has looked"):
            check(words in page, lambda: f"{words!r} is not in the page: {page}")
        configure(folder, "chat:\n  platform: local\n", plugins={"p.yaml": plugin})
        text = (folder / "gritd.yaml").read_text().replace("purpose: coaching in a test\n", "")
        (folder / "gritd.yaml").write_text(text)
        check("please insist on it" in ctl(folder, "council", code=1), "a missing purpose is not named")
        configure(folder, "chat:\n  platform: local\n", plugins={"p.yaml": plugin}, more="answers: not-stored\n")
        page = ctl(folder, "council")
        for words in ("the words of answers | not at all", "the answer is not stored"):
            check(words in page, lambda: f"{words!r} is not in the page: {page}")
        configure(folder, "chat:\n  platform: local\n", plugins={"p.yaml": plugin},
                  more="keep: {answers: 400}\n")
        ctl(folder, "council", code=1)


if __name__ == "__main__":
    suite.run()
