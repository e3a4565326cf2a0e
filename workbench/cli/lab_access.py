"""A verb's way to the Lab, and the head start that its process gets."""

import subprocess
from typing import TYPE_CHECKING

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.lab.launch import start_child_early
from workbench.settings import places

if TYPE_CHECKING:
    from workbench.lab.catalogue import ServiceInfo
    from workbench.lab.supervisor import Lab

END_WITHIN_S = 2.0
"""The Lab's process ends when its input does; past this it is killed."""

_early: "subprocess.Popen[bytes] | None" = None


def begin_early() -> None:
    """Start a Lab's process now, unless there is one to join; open_lab() takes it over."""
    global _early
    if _early is None:
        _early = start_child_early(places().runtime)


def open_lab(*, share: bool = False) -> "Lab":
    """The Lab for one verb, which must aclose() it: joins the running one, else a private one.

    Args:
        share: let other programs of this user join it.
    """
    global _early
    from workbench.lab.supervisor import Lab

    early, _early = _early, None
    return Lab(places(), share=share, early=early)


def named_service(target: Target) -> "ServiceInfo":
    """The service that lab:NAME means. Raises: LocalMisuse: there is none, with the place of the name."""
    from workbench.lab.catalogue import find_service

    try:
        return find_service(target.host)
    except LocalMisuse as misuse:
        start = target.text.find(target.host)
        raise LocalMisuse(
            misuse.what, text=target.text, start=start, end=start + len(target.host), advice=misuse.advice
        ) from misuse


def end_early() -> None:
    """End a process that nobody took over."""
    global _early
    early, _early = _early, None
    if early is None:
        return
    for pipe in (early.stdin, early.stdout, early.stderr):
        if pipe is not None:
            pipe.close()
    try:
        early.wait(END_WITHIN_S)
    except subprocess.TimeoutExpired:
        early.kill()
        early.wait()
