"""bites.py BUILD_FOLDER: what the unit forbids is forbidden in the sandbox in which the tests run the daemon.

Each act runs in a process of its own, so that a signal may end it.
"""

import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parent / "integration"))
from lib import MISSING, Suite, equal, scratch, source_folder  # noqa: E402

suite = Suite()
UNIT = source_folder() / "systemd" / "gritd.service"
SIGSYS = -31
PROGRAM = """
import ctypes, errno, json, os, resource, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
FOLDER, OTHER, ACTS = json.loads(sys.argv[1])
def call(result):
    return errno.errorcode[ctypes.get_errno()] if result < 0 else 'done'
for name, act in ACTS:
    into, out = os.pipe()
    child = os.fork()
    if not child:
        try:
            said = eval(act)
        except OSError as error:
            said = errno.errorcode[error.errno]
        os.write(out, str(said).encode())
        os._exit(0)
    os.close(out)
    end = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([name, end or os.read(into, 1000).decode()]))
"""
ACTS = {  # what it tries, and what comes of it: a word or a signal
    "write below its folder": ("open(FOLDER + '/new', 'w').close()", "None"),
    "write elsewhere": ("open(OTHER + '/new', 'w')", "EROFS"),
    "write to /etc": ("open('/etc/gritd-was-here', 'w')", "EROFS"),
    "write to /run": ("open('/run/gritd-was-here', 'w')", "EROFS"),
    "talk TCP": ("[socket.socket(one).close() for one in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)]", "[None, None, None]"),
    "talk to the kernel": ("socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)", "EAFNOSUPPORT"),
    "talk packets": ("socket.socket(socket.AF_PACKET, socket.SOCK_RAW)", "EAFNOSUPPORT"),
    "write code and run it": ("call(libc.syscall(9, None, 4096, 7, 0x22, -1, 0))", "EPERM"),
    "leave its namespace": ("call(libc.unshare(0x20000))", "EPERM"),
    "set another user's bit": ("os.chmod(FOLDER, 0o4755)", "EPERM"),
    "change its personality": ("call(libc.personality(8))", "EPERM"),
    "mount": ("libc.mount(b'none', b'/mnt', b'tmpfs', 0, None)", SIGSYS),
    "trace": ("libc.ptrace(0, 0, None, None)", SIGSYS),
    "load a module": ("libc.syscall(313, -1, b'', 0)", SIGSYS),
    "change its user": ("libc.setuid(1)", SIGSYS),
    "set the clock": ("libc.clock_settime(0, (ctypes.c_long * 2)(0, 0))", SIGSYS),
    "go before others": ("call(libc.setpriority(0, 0, -5))", "EACCES"),
    "choose its processor": ("os.sched_setaffinity(0, [0])", SIGSYS),
    "leave a core": ("resource.getrlimit(resource.RLIMIT_CORE)", "(0, 0)"),
    "have a capability": ("[line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapEff', 'CapBnd'))]",
                          "['0000000000000000', '0000000000000000']"),
}


def main():
    if subprocess.run([sys.executable, here / "sandbox.py", UNIT, "--can"], check=False).returncode:
        sys.exit(MISSING)
    with scratch() as folder, scratch() as other:
        whole = json.dumps([str(folder), str(other), [[name, act] for name, (act, _) in ACTS.items()]])
        done = subprocess.run([sys.executable, here / "sandbox.py", UNIT, folder, sys.executable, "-c", PROGRAM, whole],
                              capture_output=True, text=True, timeout=50)
    came = dict(json.loads(line) for line in done.stdout.splitlines())
    for name, (_, wanted) in ACTS.items():
        suite.one(name.replace(" ", "-"), lambda: equal(came.get(name, done.stderr[-300:]), wanted, "what came of it"))
    sys.exit(suite.close())


main()
