"""shim.py: orders faults of tests/shim/fault.c, before or while a program runs."""

import errno
import mmap
import os
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from lib import MISSING, build_folder  # noqa: E402

MEMORY, STORE, OUTPUT, LOOP = 1, 2, 3, 4
SHORT, EIO, ENOSPC = 0, errno.EIO, errno.ENOSPC
KILL_BEFORE, KILL_AFTER = 0, 1


def library():
    found = build_folder() / "tests/shim/fault_shim.so"
    if not found.is_file():
        print("skipped: the fault shim was not built (a sanitizer is)")
        sys.exit(MISSING)
    return str(found)


class Block:
    """Nine numbers that the program's shim and this process both see."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "fault.block"
        self.path.write_bytes(bytes(72))
        with open(self.path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 72)
        self.env = {"LD_PRELOAD": library(), "FAULT_BLOCK": str(self.path)}

    def arm(self, kind, at, how=0, for_ever=False):
        """The at-th call from now fails, and every later one when for_ever."""
        self.disarm()
        struct.pack_into("<qqq", self.memory, 8, at, int(for_ever), how)
        struct.pack_into("<q", self.memory, 0, kind)

    def disarm(self):
        struct.pack_into("<q", self.memory, 0, 0)

    def count(self, kind):
        return struct.unpack_from("<q", self.memory, 32 + 8 * kind)[0]

    @property
    def played(self):
        return self.count(0)

    def close(self):
        self.memory.close()
        os.unlink(self.path)
