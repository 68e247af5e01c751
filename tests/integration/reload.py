"""reload.py BUILD_FOLDER [CASE...]: a file is edited, and the running daemon takes it over, or keeps what it had."""

import subprocess
import sys

sys.dont_write_bytecode = True
from lib import *  # noqa: E402,F403 - the test library is made for this
from local_chat import Chat, clock, daemon, move_clock, question  # noqa: E402

suite = Suite()
WITHIN_S = 1  # the promise
SECOND = ASKING[ASKING.index("  - rule:"):].replace("entered", "second")
BROKEN = ASKING.replace("    ask:", "    asc:")


def edit(gritd, name, text):
    (gritd.folder / "plugins" / name).write_text(text)


def rules(gritd):
    return gritd.control("status")["rules"]


def names(answer, key):
    return [one["rule"] for one in answer[key]]


def files(answer, key):
    return [pathlib.Path(one).name for one in answer[key]]


def reload_by_command(gritd, *more):
    """Exit code and output of gritctl reload."""
    done = subprocess.run([binary("gritctl"), "reload", "--socket", str(gritd.folder / "control.sock"), *more],
                          capture_output=True, text=True, timeout=WAIT_S)
    return done.returncode, done.stdout, done.stderr


@suite.case
def edit_takes_force_within_a_second():
    with daemon() as gritd:
        texts = itertools.cycle([ASKING + SECOND, ASKING])

        def by_signal():
            edit(gritd, "asking.yaml", text := next(texts))
            gritd.signal(signal.SIGHUP)
            until("the edit", lambda: rules(gritd) == text.count("- rule:"))

        def by_command():
            edit(gritd, "asking.yaml", text := next(texts))
            equal(reload_by_command(gritd)[0], 0, "exit code")
            equal(rules(gritd), text.count("- rule:"), "rules")
        for _ in range(2):
            fastest("SIGHUP", WITHIN_S, by_signal)
        fastest("gritctl reload", WITHIN_S, by_command)


@suite.case
def command_says_what_changed():
    with daemon(plugins={"asking.yaml": ASKING + SECOND}) as gritd:
        answer = gritd.control("reload")
        equal([answer[k] for k in ("added", "changed", "removed", "kept", "left_out", "problems")], [[]] * 6,
              "nothing changed")
        edit(gritd, "asking.yaml", ASKING.replace("ask: words", "ask: words\n    limit: 1 per day"))
        edit(gritd, "more.yaml", ASKING.replace("plugin: asking", "plugin: more").replace("entered", "new"))
        code, out, err = reload_by_command(gritd)
        equal((code, err), (0, ""), "exit code and stderr")
        check("added     new" in out and "changed   entered" in out and "removed   second" in out, out)
        check(out.endswith("2 plugins, 2 rules: 1 added, 1 changed, 1 removed; 0 files kept as they were, "
                           "0 left out\n"), out)
        edit(gritd, "asking.yaml", BROKEN)
        code, out, err = reload_by_command(gritd)
        equal(code, 1, "exit code")
        check("asking.yaml:14:5: error: unknown key 'asc'; did you mean 'ask'?" in out, out)
        check("asking.yaml: the version from before stays in force" in out, out)
        code, out, err = reload_by_command(gritd, "--json")
        equal(code, 1, "exit code")
        equal(files(json.loads(out), "kept"), ["asking.yaml"], "kept")
        equal(gritd.control("status")["plugins_kept"], 1, "status")
        write(gritd.folder, "people.yaml", "people: 7\n")
        code, out, err = reload_by_command(gritd)
        equal(code, 1, "exit code")
        check("people.yaml:1:9: error:" in err and "refused" in err, err)
        equal(rules(gritd), 2, "rules")


@suite.case
def broken_edit_keeps_its_version_and_tells_the_manager_once():
    with daemon(plugins={"asking.yaml": ASKING, "more.yaml": ASKING.replace("asking", "more").replace(
            "entered", "new")}) as gritd:
        dana, ana = Chat(gritd, "dana"), Chat(gritd, "ana")
        edit(gritd, "asking.yaml", BROKEN)
        edit(gritd, "more.yaml", ASKING.replace("asking", "more").replace("entered", "newer"))
        gritd.signal(signal.SIGHUP)
        told = dana.message("the word to the manager", lambda one: "asking.yaml" in one["text"])["text"]
        equal(told, "asking.yaml has a mistake, so the version from before stays in force.\n"
              "Line 14: unknown key 'asc'; did you mean 'ask'?", "what the manager reads")
        answer = gritd.control("reload")  # the same bytes again
        equal((files(answer, "kept"), rules(gritd)), (["asking.yaml"], 2), "kept, rules")
        found = question(gritd, ana)  # by the old version
        gritd.stop()
        gritd.restart()
        equal((gritd.control("status")["plugins_kept"], rules(gritd)), (1, 2), "after a restart")
        dana, ana = Chat(gritd, "dana"), Chat(gritd, "ana")
        ana.click(found, "answer", "They named a date")
        ana.update("the answer", found, lambda one: "They named a date" in one["text"])
        edit(gritd, "asking.yaml", BROKEN.replace("asc", "aks"))
        gritd.signal(signal.SIGHUP)
        until("a word about the second mistake",
              lambda: [row for row in outbox_texts(gritd) if "'aks'" in row])
        edit(gritd, "asking.yaml", ASKING)
        gritd.signal(signal.SIGHUP)
        dana.message("the good news", lambda one: "asking.yaml is in order again" in one["text"])
        texts = [text for text in outbox_texts(gritd) if "asking.yaml" in text]
        equal(len(texts), 3, f"messages: {texts}")


def outbox_texts(gritd):
    """What was said, from the store; in the order of saying."""
    return [json.loads(row[0])["text"] for row in
            gritd.store().rows("SELECT message FROM outbox WHERE message IS NOT NULL ORDER BY seq")]


@suite.case
def owner_alone_is_told():
    owned = ASKING.replace("version: 1", "version: 1\nowner: ana")
    with daemon(plugins={"asking.yaml": owned}) as gritd:
        ana = Chat(gritd, "ana")
        edit(gritd, "asking.yaml", BROKEN)  # the owner of the version in force
        edit(gritd, "new.yaml", owned.replace("plugin: asking", "plugin: x").replace("about:", "abuot:"))
        gritd.signal(signal.SIGHUP)
        one = ana.message("the word to the owner", lambda one: "asking.yaml" in one["text"])
        check("new.yaml has a mistake, so none of its rules is in force." in one["text"], one["text"])
        equal([text for text in outbox_texts(gritd) if "mistake" in text], [one["text"]], "what was said")


@suite.case
def refused_configuration_is_told_to_the_managers_once():
    with daemon() as gritd:
        dana = Chat(gritd, "dana")
        people = (gritd.folder / "people.yaml").read_text()
        write(gritd.folder, "people.yaml", people.replace("team: west", "team: wets", 1))
        for _ in range(3):
            equal(gritd.control("reload")["ok"], False, "reload")
        one = dana.message("the word to the manager", lambda one: "people.yaml" in one["text"])
        check("everything stays as it was" in one["text"] and "line 4" in one["text"], one["text"])
        write(gritd.folder, "people.yaml", people)
        equal(gritd.control("reload")["ok"], True, "reload")
        dana.message("the good news", lambda one: "in order again" in one["text"])
        equal(len([text for text in outbox_texts(gritd) if "configuration" in text]), 2, "messages")


# FM-E04
@suite.case
def file_saved_in_pieces_all_the_time_is_told_a_few_times_and_then_once_more():
    with daemon() as gritd:
        dana = Chat(gritd, "dana")

        def storm(name, whole, half, rounds=15):
            for number in range(rounds):
                for text in (f"{half}# {number}\n", whole):
                    write(gritd.folder, f"{name}.new", text).rename(gritd.folder / name)
                    gritd.control("reload")
                    equal(rules(gritd), 1, "rules in force")

        people = (gritd.folder / "people.yaml").read_text()
        storm("plugins/asking.yaml", ASKING, ASKING[:len(ASKING) // 2] + "\n  - [")
        storm("people.yaml", people, people[:len(people) // 2] + "\n  - [")
        equal(len(outbox_texts(gritd)), 5, "messages")
        edit(gritd, "asking.yaml", BROKEN)
        gritd.control("reload")
        write(gritd.folder, "people.yaml", people + "people: 7\n")
        gritd.control("reload")
        equal(len(outbox_texts(gritd)), 5, "messages")
        move_clock(gritd, clock(gritd) + 660)
        one = dana.message("how it stands now", lambda one: "unknown key 'asc'" in one["text"])
        check("people.yaml" in one["text"], one["text"])
        write(gritd.folder, "people.yaml", people)
        edit(gritd, "asking.yaml", ASKING)
        gritd.control("reload")
        until("the good news", lambda: len(outbox_texts(gritd)) == 7)


@suite.case
def word_about_a_mistake_waits_for_the_morning():
    with daemon() as gritd:
        dana = Chat(gritd, "dana")
        move_clock(gritd, clock(gritd) // 86400 * 86400 + 22 * 3600)
        edit(gritd, "asking.yaml", BROKEN)
        equal(files(gritd.control("reload"), "kept"), ["asking.yaml"], "kept")
        rows = until("the row of the word", lambda: gritd.store().rows("SELECT state FROM outbox"))
        equal([OUTBOX[row[0]] for row in rows], ["planned"], "told at night")
        move_clock(gritd, clock(gritd) + 14 * 3600)
        dana.message("the word in the morning", lambda one: "asking.yaml" in one["text"])


@suite.case
def deleted_file_is_gone_and_a_start_with_nothing_good_fails():
    with daemon(plugins={"asking.yaml": ASKING, "more.yaml": ASKING.replace("asking", "more").replace(
            "entered", "new")}) as gritd:
        (gritd.folder / "plugins" / "more.yaml").unlink()
        equal(names(gritd.control("reload"), "removed"), ["new"], "removed")
        edit(gritd, "more.yaml", "plugin: [\n")  # what was deleted has no version from before
        answer = gritd.control("reload")
        equal((files(answer, "left_out"), rules(gritd)), (["more.yaml"], 1), "left out, rules")
        edit(gritd, "asking.yaml", "plugin: [\n")  # the only good one: it is kept over a restart too
        gritd.stop()
        gritd.restart()
        equal(rules(gritd), 1, "rules")
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", plugins={"asking.yaml": "plugin: [\n"})
        gritd = Gritd(folder)
        equal(gritd.wait(), 78, "exit code")


if __name__ == "__main__":
    suite.run()
