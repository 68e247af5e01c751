"""docs/reliability.md has a row for each of the 90 faults of the failure matrix: its tests, or why there is none, or both
where the tests do not play all of it.

A row is `| id | the fault | tests | not played |`, a dash where there is nothing; a test is FILE: NAME, several with "; "
between. The file holds the name, and beside it the id. FAILURE_MATRIX may name the matrix itself, to be compared with.
"""
import os
import pathlib
import re
import sys

SECTIONS = {"A": 13, "B": 15, "C": 12, "D": 11, "E": 8, "F": 9, "G": 6, "H": 5, "I": 2, "J": 5, "K": 4}
WANTED = [f"FM-{letter}{n:02}" for letter, count in SECTIONS.items() for n in range(1, count + 1)]
NEAR = 600  # characters before the name in which the id stands
NOTHING = "–"

root = pathlib.Path(__file__).resolve().parents[2]


def problem_of(fault, test):
    """What is wrong with this test of the fault, or None."""
    if ": " not in test:
        return f"'{test}' is not FILE: NAME"
    path, name = test.split(": ", 1)
    file = root / path
    if not file.is_file():
        return f"there is no {path}"
    text = file.read_text(encoding="utf-8")
    whole = re.compile(rf"\b{fault}\b")
    for found in re.finditer(re.escape(name), text):
        if whole.search(text[max(0, found.start() - NEAR):found.end()]):
            return None
    return f"{path} has no '{name}' with {fault} beside it"


def main():
    problems, seen, tested, whole = [], [], 0, 0
    for line in (root / "docs/reliability.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("| FM-"):
            continue
        row = re.match(r"\| (FM-[A-K]\d\d) \| (.+?) \| (.+?) \| (.+?) \|$", line)
        if not row:
            problems.append(f"not a row: {line}")
            continue
        fault, _, tests, why = row.groups()
        seen.append(fault)
        if tests == NOTHING and why == NOTHING:
            problems.append(f"{fault} has neither a test nor a reason")
        if tests != NOTHING:
            problems += [f"{fault}: {p}" for p in (problem_of(fault, t) for t in tests.split("; ")) if p]
            tested += 1
            whole += why == NOTHING
    problems += [f"{fault} has {seen.count(fault)} rows" for fault in WANTED if seen.count(fault) != 1]
    problems += [f"{fault} is not in the matrix" for fault in seen if fault not in WANTED]
    matrix = pathlib.Path(os.environ.get("FAILURE_MATRIX", root / "../shared/cases/failure-matrix.md"))
    if matrix.is_file():
        rows = re.findall(r"^\| (FM-[A-K]\d\d) ", matrix.read_text(encoding="utf-8"), re.M)
        problems += [f"the matrix has {fault}, this list has not" for fault in rows if fault not in WANTED]
    print("\n".join(problems) or f"{len(seen)} faults: {whole} played as the matrix wants, {tested - whole} in part, "
                                 f"{len(seen) - tested} with a reason only")
    return bool(problems)


sys.exit(main())
