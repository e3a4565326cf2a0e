"""A terminal verb from cold: from the start of the process to its end, with one line sent and echoed between."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.bench.children import ANY_CODE, LOOPBACK, PYTHON, Children
from tests.bench.figures import Budget, Figure, median

NAME = "terminal"
RUNS = 20
LINE = b"hello\r\n"


def measure(children: Children) -> list[Figure]:
    """`workbench socket talk` beside ncat on the same server, in turns, and to a Lab of its own."""
    port = str(children.server("echo"))
    workbench = _workbench()
    ours = [*workbench, "socket", "talk", f"{LOOPBACK}:{port}", "--send", r"hello\r\n"]
    lab = [*workbench, "socket", "talk", "lab:echo", "--send", r"hello\r\n"]
    ncat = shutil.which("ncat")
    peer = [ncat, LOOPBACK, port] if ncat else None
    sender = shutil.which("packetsender")
    # It listens for as long as it is told to, and has no way to know that the answer is complete: 0.1 s is given.
    sending = [sender, "-q", "-t", "-w", "100", "-a", LOOPBACK, port, r"hello\r\n"] if sender else None
    alone = _runs(lambda: children.seconds([PYTHON, "-c", ""]), 5)
    # Once for the compiled modules.
    children.seconds(ours, expected=LINE)
    children.seconds(lab, expected=LINE)
    mine: list[float] = []
    theirs: list[float] = []
    others: list[float] = []
    for _ in range(RUNS):
        mine.append(children.seconds(ours, expected=LINE))
        if peer:
            theirs.append(children.seconds(peer, said=LINE, expected=LINE))
        if sending:
            answer = LINE.hex(" ").upper().encode()
            others.append(children.seconds(sending, expected=answer, codes=ANY_CODE))
    joined = _runs(lambda: children.seconds(lab, expected=LINE), RUNS)
    return [
        Figure(
            NAME,
            "socket talk HOST:PORT from cold",
            median(mine),
            "s",
            Budget(0.25, 0.18),
            peer="ncat",
            theirs=median(theirs) if theirs else None,
            note=f"median of {RUNS}, least {min(mine):.3f} s; Python alone {median(alone):.3f} s",
        ),
        Figure(
            NAME,
            "socket talk HOST:PORT from cold",
            median(mine),
            "s",
            peer="Packet Sender -w 100",
            theirs=median(others) if others else None,
        ),
        Figure(
            NAME,
            "socket talk lab:echo from cold, with a Lab of its own",
            median(joined),
            "s",
            Budget(0.35, 0.2),
            note=f"median of {RUNS}, least {min(joined):.3f} s",
        ),
    ]


def _workbench() -> list[str]:
    """The command as a person has it."""
    script = Path(PYTHON).with_name("workbench")
    return [str(script)] if script.exists() else [PYTHON, "-m", "workbench"]


def _runs(run: Callable[[], float], count: int) -> list[float]:
    return [run() for _ in range(count)]
