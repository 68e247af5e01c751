#!/usr/bin/env python3
"""Compares the tz reader with Python's zoneinfo around every change of every zone, 2010 to 2045.

usage: tz_vectors.py TZ_PROBE [ZONEINFO_FOLDER]
Exit codes: 0 all equal, 1 something differs, 77 (skipped) without zone files.
"""
import os
import subprocess
import sys
import zoneinfo
from datetime import datetime, timedelta, timezone

FROM, UNTIL = 2010, 2045
EPOCH = datetime(1970, 1, 1)
UTC_EPOCH = EPOCH.replace(tzinfo=timezone.utc)


def seconds(delta):
    return delta.days * 86400 + delta.seconds


def offset(zone, t):
    return seconds((UTC_EPOCH + timedelta(seconds=t)).astimezone(zone).utcoffset())


def changes(zone):
    """Instants at which the offset changes, found by bisection between samples 12 hours apart."""
    step = 12 * 3600
    t = seconds(datetime(FROM, 1, 1) - EPOCH)
    end = seconds(datetime(UNTIL, 1, 1) - EPOCH)
    before = offset(zone, t)
    while t < end:
        after = offset(zone, t + step)
        if after != before:
            low, high = t, t + step
            while high - low > 1:
                middle = (low + high) // 2
                if offset(zone, middle) == before:
                    low = middle
                else:
                    high = middle
            yield high
        before = after
        t += step


def wall_answer(zone, wall):
    """First and second pass in UTC, or G where the wall time does not exist."""
    local = EPOCH + timedelta(seconds=wall)
    found = []
    for fold in (0, 1):
        t = wall - seconds(local.replace(tzinfo=zone, fold=fold).utcoffset())
        if t + offset(zone, t) == wall:
            found.append(t)
    return f"{min(found)} {max(found)}" if found else "G"


def questions(name, cache, folder):
    """Each question with its right answer; many zones are copies of one file."""
    with open(os.path.join(folder, name), "rb") as file:
        data = file.read()
    if data not in cache:
        cache[data] = list(zone_questions(zoneinfo.ZoneInfo(name)))
    return [(f"{name} {question}", right) for question, right in cache[data]]


def zone_questions(zone):
    for year in range(FROM, UNTIL + 1):
        t = seconds(datetime(year, 7, 1, 12) - EPOCH)
        yield f"{t}", str(offset(zone, t))
    for change in changes(zone):
        for near in (-86400, -3600, -1, 0, 1, 3600, 86400):
            yield f"{change + near}", str(offset(zone, change + near))
        wall = change + offset(zone, change)
        for near in (-86400, -7200, -3600, -1800, -1, 0, 1800, 3599, 3600, 86400):
            yield f"w{wall + near}", wall_answer(zone, wall + near)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = sys.argv[2] if len(sys.argv) > 2 else "/usr/share/zoneinfo"
    if not os.path.isdir(folder):
        sys.exit(77)
    zoneinfo.reset_tzpath(to=[folder])
    names = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
    cache = {}
    asked = [pair for name in names for pair in questions(name, cache, folder)]
    run = subprocess.run([sys.argv[1], folder], input="\n".join(q for q, _ in asked) + "\n",
                         capture_output=True, text=True, check=True)
    answers = run.stdout.splitlines()
    wrong = [(q, right, got) for (q, right), got in zip(asked, answers) if right != got]
    for q, right, got in wrong[:20]:
        print(f"{q}: {got}, but zoneinfo says {right}")
    missing = len(asked) - len(answers)
    print(f"{len(names)} zones, {len(asked)} questions, {len(wrong)} wrong, {missing} unanswered")
    sys.exit(1 if wrong or missing else 0)


if __name__ == "__main__":
    main()
