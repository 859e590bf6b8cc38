"""The most memory that a process had at once, from its own program on."""

import re
import resource
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")
_HIGH_WATER: Final = re.compile(r"^VmHWM:\s*(\d+) kB$", re.MULTILINE)


def peak_mb() -> float:
    """Greatest resident memory so far, in MB.

    Linux hands `ru_maxrss` on to whatever a process runs: a child of one that was large would count as large from its
    start. The high-water mark is that of the program (proc(5)).
    """
    if _STATUS.exists() and (told := _HIGH_WATER.search(_STATUS.read_text("utf-8"))):
        return int(told[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
