"""docs/security.md names a test for each thing that gritd does to be secure by default, or says why there is none; the tests and
the files are there; and nothing in the source switches a check of TLS off.

A row is `| claim | where | tests | not tested |`, a dash where there is nothing; a test is FILE: NAME, several with "; " between.
"""
import pathlib
import re
import sys

NOTHING = "–"
FEWEST = 25  # rows; fewer means that the table is not read as it is written
# What the libraries call it when certificates, hosts or versions are not looked at.
SWITCHES = re.compile(r"CURLOPT_(PROXY_)?SSL_VERIFY(PEER|HOST)|SSL_VERIFY_NONE|LCCSCF_ALLOW_|SKIP_SERVER_CERT|"
                      r"ALLOW_SELFSIGNED|X509_V_FLAG_NO_CHECK_TIME")

root = pathlib.Path(__file__).resolve().parents[2]


def test_problem(test):
    if ": " not in test:
        return f"'{test}' is not FILE: NAME"
    path, name = test.split(": ", 1)
    file = root / path
    if not file.is_file():
        return f"there is no {path}"
    return None if name in file.read_text(encoding="utf-8") else f"{path} has no '{name}'"


def rows_of(text):
    for line in text.splitlines():
        if line.startswith("| ") and not line.startswith("| claim "):
            yield line


def main():
    problems, count, tested = [], 0, 0
    for line in rows_of((root / "docs/security.md").read_text(encoding="utf-8")):
        row = re.match(r"\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", line)
        if not row:
            problems.append(f"not a row: {line}")
            continue
        claim, where, tests, why = row.groups()
        count += 1
        tested += tests != NOTHING
        if tests == NOTHING and why == NOTHING:
            problems.append(f"{claim}: neither a test nor a reason")
        if where not in (NOTHING, "the same"):
            problems += [f"{claim}: there is no {one}" for one in where.split(", ") if not (root / one).is_file()]
        if tests != NOTHING:
            problems += [f"{claim}: {found}" for found in map(test_problem, tests.split("; ")) if found]
    if count < FEWEST:
        problems.append(f"only {count} rows")
    for file in sorted((root / "daemon").rglob("*.[ch]")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if SWITCHES.search(line):
                problems.append(f"{file.relative_to(root)}:{number}: a check that is switched off? {line.strip()}")
    print("\n".join(problems) or f"{count} claims, {tested} with a test")
    return bool(problems)


sys.exit(main())
