"""shim.py: orders faults of tests/shim/fault.c, before or while a program runs."""

import errno
import mmap
import os
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "integration"))
from lib import MISSING, build_folder  # noqa: E402

MEMORY, STORE, OUTPUT, LOOP, NET, FILES = 1, 2, 3, 4, 5, 6
SHORT, EIO, ENOSPC, ECONNRESET = 0, errno.EIO, errno.ENOSPC, errno.ECONNRESET
KILL_BEFORE, KILL_AFTER = 0, 1


def library():
    found = build_folder() / "tests/shim/fault_shim.so"
    if not found.is_file():
        print("skipped: the fault shim was not built (a sanitizer is)")
        sys.exit(MISSING)
    return str(found)


class Block:
    """The numbers that the program's shim and this process both see."""

    COUNTS, KINDS, PLACES = 48, 7, 1 << 14

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "fault.block"
        size = self.COUNTS + 8 * (self.KINDS + self.PLACES)
        with open(self.path, "w+b") as file:
            file.truncate(size)
            self.memory = mmap.mmap(file.fileno(), size)
        self.env = {"LD_PRELOAD": library(), "FAULT_BLOCK": str(self.path)}

    def arm(self, kind, at, how=0, for_ever=False, place=0):
        """The at-th call from now fails, or the at-th from that place, and every later one when for_ever."""
        self.disarm()
        struct.pack_into("<qqqq", self.memory, 8, at, int(for_ever), how, place)
        struct.pack_into("<q", self.memory, 0, kind)

    def disarm(self):
        struct.pack_into("<q", self.memory, 0, 0)

    def note_places(self, kind):
        """From now on; 0: no longer."""
        struct.pack_into("<q", self.memory, 40, kind)

    def places(self):
        """The distinct chains of callers that were noted."""
        whole = struct.unpack_from(f"<{self.PLACES}q", self.memory, self.COUNTS + 8 * self.KINDS)
        return sorted(one for one in whole if one)

    def count(self, kind):
        return struct.unpack_from("<q", self.memory, self.COUNTS + 8 * kind)[0]

    @property
    def played(self):
        return self.count(0)

    def close(self):
        self.memory.close()
        os.unlink(self.path)
