"""check_limits.py BUILD_FOLDER [CASE...]: what YAML is notorious for gets its own words from gritctl check, and no
file, however large or clever, makes it take more than 64 MiB."""

import os
import re
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench"))
from lib import *  # noqa: E402,F403 - the test library is made for this
import plugins as many  # noqa: E402

suite = Suite()
MIB = 1024  # ru_maxrss counts KiB
MOST_MIB = 64
HEAD = "plugin: p\nabout: A practice.\nversion: 1\narea: skill\n"
RULE = HEAD + "rules:\n  - {{rule: r, about: b, {}}}\n"


def sanitized():
    with open(os.path.join(build_folder(), "CMakeCache.txt"), encoding="utf-8") as cache:
        return re.search(r"^GRITD_SANITIZE:\w+=(?!OFF$)", cache.read(), re.M)


# A small process between us and it: the peak of a child begins with that of whom it was forked from.
MEASURE = """import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], check=False).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)"""


def check_files(*paths):
    """Exit code, output and peak memory of gritctl check."""
    done = subprocess.run([sys.executable, "-c", MEASURE, binary("gritctl"), "check", *map(str, paths)],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, int(done.stderr.split()[-1]) / MIB


PITFALLS = {
    "on instead of when": (RULE.format("on: deal.won, tell: Hi"), "6:25: error: unknown key 'on'; did you mean 'when'?"),
    "yes": (RULE.format("when: deal.won, reminders: yes, tell: Hi"), "'yes' is only a word here; write true"),
    "off": (RULE.format("when: deal.won, reminders: off, tell: Hi"), "'off' is only a word here; write false"),
    "no is Norway": (RULE.format("when: deal.won, if: {deal.account: NO}, tell: Hi"), None),
    "08:30 is a time": (HEAD + "inputs:\n  at: {type: time, default: 08:30, about: when}\n"
                        "rules:\n  - {rule: r, about: b, every: weekday at $at, tell: Hi}\n", None),
    "a tab": (HEAD + "rules:\n\t- {rule: r}\n", "6:1: error: a tab cannot stand here; indent with spaces"),
    "a key twice": (HEAD + "area: skill\nrules: []\n", "5:1: error: the key 'area' stands here a second time; the "
                    "first is at 4:1"),
    "an anchor": ("a: &x [1]\nb: *x\n", "1:4: error: anchors (&x) are not used here"),
    "an alias": ("a: &x [1]\nb: *x\n", "2:4: error: aliases (*x) are not used here"),
    "a merge key": ("a: {<<: 1}\n", "merge keys (<<) are not used here"),
    "braces without quotes": (RULE.replace("{{", "{").replace("}}", "}").replace("{}", "when: deal.won, tell: {{x}}"),
                              "a text that starts with {{ must stand in quotes"),
    "a colon in a text": (HEAD.replace("A practice.", "A: practice"), "put a text with a colon in quotes"),
    "50 levels": ("plugin: d\nrules: " + "[" * 50 + "]" * 50 + "\n", "nested deeper than 32 levels"),
    "nothing": ("", "error:"),
    "another encoding": (HEAD.replace("practice", "pr\u00e4xis").encode("latin-1"), "not UTF-8"),
}


@suite.case
def pitfalls_have_their_own_words():
    for name, (text, words) in PITFALLS.items():
        with scratch() as folder:
            path = pathlib.Path(folder) / "p.yaml"
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            code, out, _ = check_files(path)
            equal(code, 1 if words else 0, f"{name}: exit code; {out}")
            check(not words or words in out, lambda: f"{name}: {out}")


def bomb():
    """Nine of nine of nine...: 282 billion values, were aliases followed."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for i in range(12):
        lines.append(f"{chr(98 + i)}: &{chr(98 + i)} [" + ", ".join([f"*{chr(97 + i)}"] * 9) + "]")
    return "\n".join(lines) + "\n"


SIZE = 20 * 1024 * 1024
MONSTERS = {
    "20 MiB of teams": lambda: "teams:\n" + "  - {id: a, manager: b}\n" * (SIZE // 25),
    "20 MiB of one person": lambda: "people:\n  - id: a\n    crm: [" + "x, " * (SIZE // 3) + "x]\n",
    "20 MiB of rules": lambda: HEAD + "rules:\n" + "  - {rule: x, about: y, when: deal.won, tell: z}\n" * (SIZE // 49),
    "20 MiB of brackets": lambda: "[" * SIZE,
    "20 MiB in one key": lambda: "x" * SIZE + ": 1\n",
    "20 MiB of blanks": lambda: " " * SIZE,
    "an alias bomb": bomb,
    "a quarter MiB of keys": lambda: "".join(f"k{i}: 1\n" for i in range(30000)),
}


# FM-E07
@suite.case
def monsters_are_refused_in_little_memory():
    for name, make in MONSTERS.items():
        for file in ("p.yaml", "gritd.yaml", "pipeline.yaml", "people.yaml"):
            with scratch() as folder:
                path = pathlib.Path(folder) / file
                path.write_text(make())
                code, out, peak = check_files(path)
                equal(code, 1, f"{name} as {file}: exit code; {out[:300]}")
                check(sanitized() or peak < MOST_MIB, lambda: f"{name} as {file}: {peak:.0f} MiB")


# FM-E08
@suite.case
def thousand_plugins_fit():
    with scratch() as folder:
        many.write_plugins(folder)
        code, out, peak = check_files(folder)
        equal((code, out.splitlines()[-1]), (0, "1000 loaded, 0 failed, 0 warnings"), "exit code and last line")
        check(sanitized() or peak < MOST_MIB, lambda: f"{peak:.0f} MiB")


TINY = ("plugin: tiny-{n}\nabout: A word.\nversion: 1\narea: skill\nrules:\n"
        "  - {{rule: r-{n}, about: a word, when: deal.won, tell: A word., limit: 1 per week}}\n")


def tiny_plugins(folder, count):
    for n in range(count):
        (pathlib.Path(folder) / f"t{n:05d}.yaml").write_text(TINY.format(n=n))


def seconds_of(count):
    """Of the processor, to check so many files."""
    with scratch() as folder:
        tiny_plugins(folder, count)
        before = os.times().children_user
        code, out, _ = check_files(folder)
        equal((code, out.splitlines()[-1]), (0, f"{count} loaded, 0 failed, 0 warnings"), "exit code and last line")
        return os.times().children_user - before


# FM-E08: what is done for each file may not look at every other one; GRITD_TEST_FILES=10000 for the figure
@suite.case
def thousands_of_files_take_no_longer_each():
    count = int(os.environ.get("GRITD_TEST_FILES", "1500"))
    most = seconds_of(count)
    if "GRITD_TEST_FILES" in os.environ:
        few = seconds_of(count // 4)
        print(f"  {count} files: {most:.2f} s of the processor, {count // 4}: {few:.2f} s")
        check(most < 6 * few, f"four times the files took {most / few:.1f} times the processor")


def processor_of(gritd):
    """What it has taken of it so far, in seconds."""
    fields = pathlib.Path(f"/proc/{gritd.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# FM-E08; counted is the processor, as the clock tells of the machine; GRITD_TEST_FILES=10000 for the figure
@suite.case
def start_and_reload_of_thousands_of_files_take_less_than_five_seconds():
    count = int(os.environ.get("GRITD_TEST_FILES", "100"))
    with scratch() as folder:
        configure(folder, "chat:\n  platform: local\n", plugins={})
        (folder / "plugins").mkdir(exist_ok=True)
        many.write_plugins(folder / "plugins", count)
        for _ in ("the first start", "and one that knows them"):
            gritd = Gritd(folder)
            try:
                until("gritd to be ready", lambda: "ready: " in gritd.log(), limit=120)
                started = processor_of(gritd)
                tiny_plugins(folder / "plugins", 1)
                gritd.signal(signal.SIGHUP)
                until("the reload", lambda: f"{count + 1} plugins" in gritd.log(), limit=120)
                reloaded = processor_of(gritd) - started
                (folder / "plugins/t00000.yaml").unlink()
                equal(gritd.stop(100), 0, "exit code")
            finally:
                gritd.kill()
            if "GRITD_TEST_FILES" in os.environ:
                print(f"  {count} files: {started:.2f} s of the processor to start, {reloaded:.2f} s to read them again")
            check(sanitized() or max(started, reloaded) < 5, lambda: f"start {started:.2f} s, reload {reloaded:.2f} s")


@suite.case
def thousand_copies_of_the_shipped_plugins_fit():
    with scratch() as folder:
        many.write_copies(folder, 1000, source_folder() / "plugins")
        code, out, peak = check_files(folder)
        equal((code, out.splitlines()[-1]), (0, "1000 loaded, 0 failed, 0 warnings"), "exit code and last line")
        check(sanitized() or peak < MOST_MIB, lambda: f"{peak:.0f} MiB")


TEAMS = 400


def many_people():
    """20 MiB of them, 160,000."""
    out = ["teams:\n"] + [f"  - {{id: t{n}, manager: p{n}}}\n" for n in range(TEAMS)] + ["people:\n"]
    size, n = sum(map(len, out)), 0
    while size < SIZE:
        role = ", role: manager" if n < TEAMS else ""
        out.append(f"  - {{id: p{n}, name: Person Number {n}, email: person{n}@example.com, "
                   f"crm: [005A{n:07d}], team: t{n % TEAMS}, zone: Europe/Berlin{role}}}\n")
        size += len(out[-1])
        n += 1
    return out


@suite.case
def far_too_many_people_are_told_in_little_memory():
    with scratch() as folder:
        path = pathlib.Path(folder) / "people.yaml"
        lines = (f"  - {{id: p{n}, zone: America/Denver}}\n" for n in range(436000))
        path.write_text("people:\n" + "".join(lines))
        code, out, peak = check_files(path)
        equal(code, 1, f"exit code; {out[:300]}")
        check("people.yaml:165002:5: error: more than 165000 people in one file" in out, lambda: out[:300])
        check(sanitized() or peak < MOST_MIB, lambda: f"{peak:.0f} MiB")


@suite.case
def twenty_mib_of_people_fit():
    people = many_people()
    ends = {"as it is": ("", None),
            "a person twice": ("  - {id: p0}\n", "the person 'p0' stands here a second time; the first is at"),
            "a brace without end": ("  - {id: x\n", "a mapping in {braces} is not closed")}
    for name, (end, words) in ends.items():
        with scratch() as folder:
            path = pathlib.Path(folder) / "people.yaml"
            path.write_text("".join(people) + end)
            code, out, peak = check_files(path)
            equal(code, 1 if words else 0, f"{name}: exit code; {out[:300]}")
            check(not words or words in out, lambda: f"{name}: {out[:300]}")
            check(sanitized() or peak < MOST_MIB, lambda: f"{name}: {peak:.0f} MiB")


suite.run()
