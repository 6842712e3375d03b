"""Where it was measured."""

import os
import pathlib
import platform
import re
import subprocess

from . import peers


def first(pattern, path):
    found = re.search(pattern, pathlib.Path(path).read_text(), re.MULTILINE)
    return found[1].strip() if found else "unknown"


def describe():
    system = subprocess.run(
        ["findmnt", "-n", "-o", "FSTYPE,OPTIONS", "-T", peers.ROOT], capture_output=True, text=True,
        check=False).stdout.split()
    return {
        "processors": f"{os.cpu_count()} of {first(r'model name.*: (.*)', '/proc/cpuinfo')}",
        "memory": f"{int(first(r'MemTotal: *([0-9]+)', '/proc/meminfo')) >> 20} GiB",
        "kernel": platform.release(),
        "file_system": " ".join(system[:2]) or "unknown",
        "peers": ", ".join(kind.version() for kind in peers.ALL.values()),
    }


def load_average():
    return ", ".join(f"{load:.1f}" for load in os.getloadavg())
