"""One table of figures, daemon/gritd/metric_list.h: docs/metrics.md is made of it (metrics.py --markdown), and dashboard and
alert rules in config/monitoring use no other names, labels or reasons. No figure has a label that could tell of a person."""
import json
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r'^METRIC\((\w+), "([a-z_:]+)", "(gauge|counter|histogram)", "([a-z,]*)", "((?:[^"\\]|\\.)*)"\)$')
LABELS = {"version", "reason", "outcome", "gate", "state", "platform", "what", "file", "level", "intake", "kind", "source"}
UNITS = ("_seconds", "_bytes", "_total", "_info")
HEAD = """# Figures

What `GET /metrics` says, in the text format of Prometheus 0.0.4. The names are a promise: they stay, more may come. Base units
(seconds, bytes); counters end in `_total` and begin anew with each start. No label ever tells of a person, a deal or what
somebody said. This page is made from `daemon/gritd/metric_list.h`; [monitoring.md](monitoring.md) says what to watch.

| name | type | labels | what |
|---|---|---|---|
"""


def table():
    rows, problems = [], []
    for number, line in enumerate((root / "daemon/gritd/metric_list.h").read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("METRIC("):
            continue
        found = ROW.match(line)
        if found:
            rows.append(found.groups()[1:])
        else:
            problems.append(f"metric_list.h:{number}: not a row")
    return rows, problems


def rules_of(rows):
    for name, kind, label, text in rows:
        if (kind == "counter") != name.endswith("_total"):
            yield f"{name}: counters, and only they, end in _total"
        for one in label.split(",") if label else []:
            if one not in LABELS:
                yield f"{name}: the label '{one}' is not among those that tell of nobody"
        if kind == "histogram" and not name.endswith(("_seconds", "_bytes")):
            yield f"{name}: a histogram is of seconds or bytes"
        if not text or text.endswith("."):
            yield f"{name}: say what it is, without a full stop"
    names = [row[0] for row in rows]
    yield from (f"{name} stands twice" for name in set(names) if names.count(name) > 1)


def markdown(rows):
    return HEAD + "".join(f"| `{name}` | {kind} | {', '.join(f'`{one}`' for one in label.split(',')) if label else ''} | {text} |\n" for name, kind, label, text in rows)


def expressions():
    """(file, PromQL) of the dashboard and of the rules; the latter without a YAML parser: one `expr:` a line."""
    board = "config/monitoring/dashboard.json"
    for panel in json.loads((root / board).read_text(encoding="utf-8"))["panels"]:
        for target in panel.get("targets", []):
            yield f"{board}: {panel['title']}", target["expr"]
    rules = "config/monitoring/alerts.yaml"
    for line in (root / rules).read_text(encoding="utf-8").splitlines():
        found = re.match(r"\s+expr: (.+)$", line)
        if found:
            yield rules, found.group(1)


def unknown(rows, reasons):
    known = {row[0]: row for row in rows}
    for row in rows:
        if row[1] == "histogram":
            known.update({row[0] + end: (*row[:2], "le", row[3]) for end in ("_bucket", "_sum", "_count")})
    for where, text in expressions():
        names = re.findall(r"\b((?:gritd|process)_[a-z_]+)(\{[^}]*\})?", text)
        if not names and "up{" not in text:
            yield f"{where}: no figure of gritd in '{text}'"
        for name, labels in names:
            if name not in known:
                yield f"{where}: there is no {name}"
                continue
            for label, value in re.findall(r'(\w+)\s*[=!]~?\s*"([^"]*)"', labels):
                if label not in (*known[name][2].split(","), "job", "instance"):
                    yield f"{where}: {name} has no label {label}"
                if label == "reason" and value not in reasons:
                    yield f"{where}: {value} is no reason of /readyz"


def main():
    rows, problems = table()
    page = markdown(rows)
    if "--markdown" in sys.argv:
        print(page, end="")
        return 0
    reasons = set(re.findall(r'\{"([a-z]+)", \w+\}', (root / "daemon/gritd/health.c").read_text(encoding="utf-8")))
    problems += rules_of(rows)
    problems += unknown(rows, reasons)
    file = root / "docs/metrics.md"
    if not file.is_file() or file.read_text(encoding="utf-8") != page:
        problems.append("docs/metrics.md is not what the table says: tests/lint/metrics.py --markdown > docs/metrics.md")
    print("\n".join(problems) or f"{len(rows)} figures, {len(list(expressions()))} expressions")
    return bool(problems)


sys.exit(main())
