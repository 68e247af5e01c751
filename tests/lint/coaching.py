"""docs/coaching.md has a row for each of the 103 ideas, and each row a test that is there.

A row is `| id | the idea | where it lives | tests |`; a test is FILE: NAME, several with "; " between. The file holds the
name, and beside it the id (in the name itself, or in the comment above it).
"""
import pathlib
import re
import sys

WANTED = [f"A{n}" for n in range(1, 16)] + [f"B{n}" for n in range(1, 89)]
NEAR = 600  # characters before the name in which the id stands

root = pathlib.Path(__file__).resolve().parents[2]


def problem_of(idea, test):
    """What is wrong with this test of the idea, or None."""
    if ": " not in test:
        return f"'{test}' is not FILE: NAME"
    path, name = test.split(": ", 1)
    file = root / path
    if not file.is_file():
        return f"there is no {path}"
    text = file.read_text(encoding="utf-8")
    whole = re.compile(rf"\b{idea}\b")
    for found in re.finditer(re.escape(name), text):
        if whole.search(text[max(0, found.start() - NEAR):found.end()]):
            return None
    return f"{path} has no '{name}' with {idea} beside it"


def main():
    problems, seen = [], []
    for line in (root / "docs/coaching.md").read_text(encoding="utf-8").splitlines():
        row = re.match(r"\| ([AB]\d+) \| (.+?) \| (.+?) \| (.+?) \|$", line)
        if not row:
            continue
        idea, _, where, tests = row.groups()
        seen.append(idea)
        for path in re.findall(r"`((?:daemon|plugins|config|docs|tests)/[^`]+)`", where):
            if not (root / path).exists():
                problems.append(f"{idea}: there is no {path}")
        problems += [f"{idea}: {p}" for p in (problem_of(idea, t) for t in tests.split("; ")) if p]
    problems += [f"{idea} has {seen.count(idea)} rows" for idea in WANTED if seen.count(idea) != 1]
    print("\n".join(problems) or f"{len(seen)} ideas, each with its test")
    return bool(problems)


sys.exit(main())
