"""The machine that the figures belong to: without it they mean nothing."""

import os
import platform
from pathlib import Path

QUIET_LOAD = 1.0
"""Above it somebody else works on this machine, and the figures say so."""


def describe() -> dict[str, object]:
    """Cores, memory, Python, Qt, kernel, processor, and how busy it is at this moment."""
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "processor": _processor(),
        # Without what a distributor or a host adds to it.
        "kernel": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "qt": _qt(),
        "load": round(os.getloadavg()[0], 2),
    }


def sentence(machine: dict[str, object]) -> str:
    """The same for people."""
    return (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_mib']:,} MiB, {machine['kernel']}, "
        f"Python {machine['python']}, Qt {machine['qt']}, load {machine['load']} at the beginning"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _qt() -> str:
    from PySide6 import __version__

    return __version__
