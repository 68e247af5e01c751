"""sandbox.py UNIT FOLDER PROGRAM [ARGUMENT...]: runs a program as the service unit would let it run.

What the unit says is read from the unit: its system calls, address families, namespaces, memory, capabilities and limits.
Only FOLDER can be written. One thing is stricter: a system call outside of the unit's
list ends the program here (SIGSYS), so that no test passes over one. sandbox.py UNIT --can: whether this machine permits it, exit code 77 if not.

Needs systemd-analyze (what @system-service means), libseccomp, and root or user namespaces; Linux 5.12.
"""

import ctypes
import errno
import os
import pathlib
import resource
import subprocess
import sys

CANNOT, SOMEBODY = 77, 1000
CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
NAMESPACES = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MS_NOSUID, MS_NODEV, MS_NOEXEC = 2, 4, 8
MOUNT_SETATTR, AT_RECURSIVE, ATTR_RDONLY = 442, 0x8000, 1
PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP, PR_CAP_AMBIENT, PR_SET_SECUREBITS = 38, 24, 47, 28
ACT_KILL, ACT_ALLOW, ACT_ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
CMP_NE, CMP_EQ, CMP_GT, CMP_MASKED = 1, 4, 6, 7
PROT_WRITE_EXEC, PROT_EXEC, SHM_EXEC, S_ISUID, S_ISGID = 6, 4, 0o100000, 0o4000, 0o2000
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
FAMILY_LAST = 45

libc = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    pass


def must(result, what):
    if result < 0:
        raise Refused(f"{what}: {os.strerror(ctypes.get_errno())}")


# --- the unit ---


def read_unit(path):
    """The settings of [Service]: name -> list of values; an empty value starts the list again."""
    found, here = {}, False
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith("["):
            here = line == "[Service]"
        elif here and "=" in line and not line.startswith("#"):
            name, value = line.split("=", 1)
            found.setdefault(name, []).append(value)
    return found


def groups():
    """@name -> what systemd means by it."""
    told = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter"], capture_output=True, text=True, check=True).stdout
    found, name = {}, None
    for line in told.splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = word
            found[name] = []
        elif not line.startswith(" "):
            name = None
        elif name and word and not word.startswith("#"):
            found[name].append(word)
    return found


def flat(words, known):
    calls = set()
    for word in words:
        calls |= flat(known[word], known) if word.startswith("@") else {word}
    return calls


def known_calls(unit):
    """The calls that are allowed, and those that the unit itself refuses with an error, name -> number of it. As systemd
    reads it: the first line decides what the list is, each later one adds or takes away."""
    known, errors = groups(), {}
    calls = flat(["@default"], known)
    for line in unit["SystemCallFilter"]:
        words = [word.partition(":") for word in line.removeprefix("~").split()]
        named = flat([word for word, _, _ in words], known)
        calls = calls - named if line.startswith("~") else calls | named
        errors |= {word: getattr(errno, error) for word, _, error in words if error}
    return calls, errors


# --- seccomp ---


class Compare(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


class Filter:
    def __init__(self, otherwise):
        self.lib = ctypes.CDLL("libseccomp.so.2")
        self.lib.seccomp_init.restype = ctypes.c_void_p
        self.lib.seccomp_init.argtypes = [ctypes.c_uint32]
        for name in ("seccomp_load", "seccomp_rule_add_array", "seccomp_attr_set"):
            getattr(self.lib, name).argtypes = {"seccomp_load": [ctypes.c_void_p],
                                                "seccomp_rule_add_array": [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int,
                                                                           ctypes.c_uint, ctypes.POINTER(Compare)],
                                                "seccomp_attr_set": [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32]}[name]
        self.lib.seccomp_syscall_resolve_name.argtypes = [ctypes.c_char_p]
        self.filter = self.lib.seccomp_init(otherwise)
        self.lib.seccomp_attr_set(self.filter, 3, 0)  # no_new_privs is set by us

    def rule(self, action, call, *compares):
        number = self.lib.seccomp_syscall_resolve_name(call.encode())
        if number < 0:
            return  # of another machine, or newer than the library
        result = self.lib.seccomp_rule_add_array(self.filter, action, number, len(compares),
                                                 (Compare * len(compares))(*compares) if compares else None)
        if result < 0 and -result != errno.EACCES:  # that is what is done anyway
            raise Refused(f"rule for {call}: {os.strerror(-result)}")

    def load(self):
        result = self.lib.seccomp_load(self.filter)
        if result < 0:
            raise Refused(f"seccomp: {os.strerror(-result)}")


def refusals(unit):
    """What is refused by its arguments, with the errors that systemd gives."""
    def says(name):
        return unit.get(name, ["no"])[-1] == "yes"

    found, refused = Filter(ACT_ALLOW), ACT_ERRNO | errno.EPERM
    families = {FAMILIES[word] for word in unit["RestrictAddressFamilies"][-1].split()}
    for family in range(FAMILY_LAST + 1):
        if family not in families:
            found.rule(ACT_ERRNO | errno.EAFNOSUPPORT, "socket", Compare(0, CMP_EQ, family, 0))
    found.rule(ACT_ERRNO | errno.EAFNOSUPPORT, "socket", Compare(0, CMP_GT, FAMILY_LAST, 0))
    if says("MemoryDenyWriteExecute"):
        found.rule(refused, "mmap", Compare(2, CMP_MASKED, PROT_WRITE_EXEC, PROT_WRITE_EXEC))
        for call in ("mprotect", "pkey_mprotect"):
            found.rule(refused, call, Compare(2, CMP_MASKED, PROT_EXEC, PROT_EXEC))
        found.rule(refused, "shmat", Compare(2, CMP_MASKED, SHM_EXEC, SHM_EXEC))
    if says("RestrictNamespaces"):
        found.rule(ACT_ERRNO | errno.ENOSYS, "clone3")
        found.rule(refused, "setns")
        for flag in NAMESPACES:
            found.rule(refused, "clone", Compare(0, CMP_MASKED, flag, flag))
            found.rule(refused, "unshare", Compare(0, CMP_MASKED, flag, flag))
    if says("RestrictSUIDSGID"):
        for bit in (S_ISUID, S_ISGID):
            for call, arg in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2), ("mknodat", 2)):
                found.rule(refused, call, Compare(arg, CMP_MASKED, bit, bit))
    if says("LockPersonality"):
        found.rule(refused, "personality", Compare(0, CMP_NE, 0, 0))
    return found


def calls_only(unit):
    found = Filter(ACT_KILL)
    calls, errors = known_calls(unit)
    for call in sorted(calls):
        found.rule(ACT_ALLOW, call)
    for call, error in errors.items():
        found.rule(ACT_ERRNO | error, call)
    return found


# --- files ---


class MountAttr(ctypes.Structure):
    _fields_ = [("set", ctypes.c_uint64), ("clear", ctypes.c_uint64), ("propagation", ctypes.c_uint64), ("userns", ctypes.c_uint64)]


def set_mount(path, set=0, clear=0, flags=0):
    attr = MountAttr(set, clear, 0, 0)
    must(libc.syscall(MOUNT_SETATTR, -100, path.encode(), flags, ctypes.byref(attr), ctypes.sizeof(attr)), f"mount_setattr {path}")


def be_somebody(inside, spaces):
    """A user namespace in which we are not root: SQLite and others do more for root, which the unit is not."""
    user, group = os.getuid(), os.getgid()
    must(libc.unshare(CLONE_NEWUSER | spaces), "user namespace")
    for name, text in (("setgroups", "deny"), ("uid_map", f"{inside} {user} 1"), ("gid_map", f"{inside} {group} 1")):
        pathlib.Path(f"/proc/self/{name}").write_text(text)


def close_files(unit, folder):
    """Nothing can be written but what is below the folder; of /proc there are our own processes."""
    root = not os.getuid()
    if root:
        must(libc.unshare(CLONE_NEWNS), "mount namespace")
    else:
        be_somebody(os.getuid(), CLONE_NEWNS)
    must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "private mounts")
    if folder:
        must(libc.mount(folder.encode(), folder.encode(), None, MS_BIND, None), f"bind {folder}")
    if root and unit.get("ProcSubset") == ["pid"]:
        must(libc.mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, b"subset=pid,hidepid=invisible"), "/proc")
    set_mount("/", set=ATTR_RDONLY, flags=AT_RECURSIVE)
    set_mount("/proc", clear=ATTR_RDONLY)  # its files have their own rules
    if folder:
        set_mount(folder, clear=ATTR_RDONLY)
    if root:
        be_somebody(SOMEBODY, 0)


def drop_capabilities():
    for number in range(64):
        if libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0) < 0 and ctypes.get_errno() == errno.EINVAL:
            break
    head, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    must(libc.capset(head, none), "capset")


def enter(path, folder):
    unit = read_unit(path)
    filters = [refusals(unit), calls_only(unit)]  # while files can be read
    for name, limit in (("LimitCORE", resource.RLIMIT_CORE), ("LimitNOFILE", resource.RLIMIT_NOFILE)):
        if name in unit:
            least = min(one for one in (int(unit[name][-1]), *resource.getrlimit(limit)) if one >= 0)  # a test may give less
            resource.setrlimit(limit, (least,) * 2)
    if unit.get("ProtectSystem") == ["strict"]:
        close_files(unit, folder)
    must(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    if unit.get("CapabilityBoundingSet") == [""]:
        drop_capabilities()
    for one in filters:
        one.load()


def main():
    if len(sys.argv) < 3:
        print(__doc__.split("\n")[0], file=sys.stderr)
        sys.exit(2)
    unit, folder, command = sys.argv[1], sys.argv[2], sys.argv[3:]
    only_asked = folder == "--can"
    try:
        enter(unit, None if only_asked else os.path.realpath(folder))
    except (Refused, OSError, subprocess.SubprocessError) as error:
        print(f"skipped: this machine does not permit the sandbox: {error}", file=sys.stderr)
        sys.exit(CANNOT)
    if only_asked:
        os._exit(0)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
