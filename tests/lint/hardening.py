"""hardening.py BUILD: what a release build promises of its binaries is looked up in the binaries themselves."""

import os
import re
import subprocess
import sys

build = sys.argv[1]
source = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
cache = open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8").read()
kind = re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)$", cache, re.M)
if not kind or "Rel" not in kind.group(1):
    print("skipped: only release builds are hardened")
    sys.exit(77)

wrong = []


def want(good, what):
    if not good:
        wrong.append(what)


def readelf(*args):
    return subprocess.run(["readelf", "-W", *args], capture_output=True, text=True, check=True,
                          env={**os.environ, "LC_ALL": "C"}).stdout


# What is only seen while compiling: each file of ours, with each flag.
FLAGS = ["-fstack-protector-strong", "-D_FORTIFY_SOURCE=3", "-fPIE", "-fstack-clash-protection"]
if os.uname().machine == "x86_64":
    FLAGS.append("-fcf-protection=full")
commands = open(os.path.join(build, "compile_commands.json"), encoding="utf-8").read()
seen = 0
for command, file in re.findall(r'"command": "(.*)",\s*"file": "(.*)"', commands):
    if "/daemon/" not in file or not file.endswith(".c"):
        continue
    seen += 1
    for flag in FLAGS:
        want(f" {flag} " in command, f"{file}: compiled without {flag}")
    want(command.count("-O2") == 1 and "-O0" not in command, f"{file}: compiled without -O2, so without fortifying")
want(seen > 200, f"only {seen} files in compile_commands.json")

for name in ("gritd", "gritctl"):
    path = os.path.join(build, name)
    head, parts, dynamic = readelf("-h", path), readelf("-l", path), readelf("-d", path)
    symbols, sections = readelf("--dyn-syms", path), readelf("-S", path)
    want("DYN (Position-Independent Executable file)" in head, f"{name}: no position-independent executable")
    want(re.search(r"FLAGS_1.*\bPIE\b", dynamic), f"{name}: PIE flag")
    want("GNU_RELRO" in parts, f"{name}: no RELRO")
    want(re.search(r"\(FLAGS(_1)?\).*\bNOW\b", dynamic), f"{name}: not BIND_NOW, so RELRO is not full")
    want(re.search(r"GNU_STACK .* RW +0x", parts), f"{name}: the stack can be executed")
    want(not re.search(r"LOAD .* RWE ", parts), f"{name}: memory that can be written and executed")
    want("TEXTREL" not in dynamic, f"{name}: text relocations")
    want("RPATH" not in dynamic and "RUNPATH" not in dynamic, f"{name}: a library path of its own")
    want("__stack_chk_fail" in symbols, f"{name}: no stack protector")
    fortified = set(re.findall(r"(__\w+_chk)@", symbols)) - {"__stack_chk_fail"}
    want(len(fortified) >= 5, f"{name}: fortified calls: {sorted(fortified)}")
    for call in ("gets", "strcat", "tmpnam", "mktemp", "system", "popen", "execl", "execv", "execvp", "execve"):
        want(not re.search(rf"UND {call}@", symbols), f"{name}: calls {call}()")
    if name == "gritd":  # the name service blocks, and ends a process that has no memory
        want(not re.search(r"UND get(pw|gr)(nam|uid|gid|ent)(_r)?@", symbols), f"{name}: asks the name service for a user")
    if os.uname().machine == "x86_64":
        start = re.search(r"^\s*\d+: ([0-9a-f]+) .* main$", readelf("-s", path), re.M)
        code = subprocess.run(["objdump", "-d", f"--start-address=0x{start.group(1)}",
                               f"--stop-address={int(start.group(1), 16) + 8:#x}", path],
                              capture_output=True, text=True, check=True).stdout
        want("endbr64" in code, f"{name}: no branch protection")
    # the same bytes wherever it was built (./run reproducible builds twice): no place, no day
    data = open(path, "rb").read()
    for place in {source, os.path.realpath(source), os.path.abspath(build)}:
        want(place.encode() not in data, f"{name}: holds the path {place}")
    want(not re.search(rb"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d 20\d\d\0", data),
         f"{name}: holds the day it was built on")

for line in wrong:
    print(line)
print("the binaries are hardened" if not wrong else f"{len(wrong)} promises are not kept")
sys.exit(1 if wrong else 0)
