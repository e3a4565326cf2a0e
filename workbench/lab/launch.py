"""Starting the Lab's process. Imports next to nothing: a terminal verb calls it before its own imports.

Two interpreters then start side by side instead of one after the other. The child is never forked from Python code:
subprocess uses vfork and exec, so it is safe in a process with threads and with Qt's connection to the screen.
"""

import os
import subprocess
import sys

SOCKET_NAME = "lab.sock"


def child_command(share: str = "") -> list[str]:
    """The command line of the Lab's process; share: the runtime folder in which others may join, or ""."""
    # -P: a json.py in the folder where a person works must not become ours.
    command = [sys.executable, "-P", "-X", "faulthandler", "-m", "workbench.lab.child"]
    return [*command, "--share", share] if share else command


def launch(share: str = "") -> "subprocess.Popen[bytes]":
    """Start the Lab's process with pipes at its input, output and errors. It ends when its input does.

    Raises: OSError: the interpreter can't be started.
    """
    return subprocess.Popen(
        child_command(share),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=_environment(),
    )


def start_child_early(
    runtime: str | os.PathLike[str] = "", *, share: bool = False
) -> "subprocess.Popen[bytes] | None":
    """Start a Lab's process for a Lab object made later: `Lab(places, early=...)`.

    Args:
        runtime: the runtime folder; where a Lab's socket stands in it, nothing is started, for that one will be joined.
        share: let others join the new one.

    Returns: None when there is one to join, or when nothing can be started: the Lab itself will say why.
    """
    folder = os.fspath(runtime)
    if folder and os.path.lexists(os.path.join(folder, SOCKET_NAME)):
        return None
    try:
        return launch(folder if share else "")
    except OSError:
        return None


def _environment() -> dict[str, str]:
    """Ours, and the place of this package where Python would not find it by itself (an uninstalled checkout)."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    environ = dict(os.environ)
    if os.path.basename(root) not in ("site-packages", "dist-packages"):
        known = environ.get("PYTHONPATH", "")
        environ["PYTHONPATH"] = f"{known}{os.pathsep}{root}" if known else root
    return environ
