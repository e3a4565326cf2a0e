"""Looks at Python, at the packages, and at whether the parts of the program work together."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from workbench import assets
from workbench.cli.checks import Finding
from workbench.errors import WorkbenchError

NEEDED_PACKAGES = (
    "qasync",
    "dnspython",
    "Twisted",
    "pyOpenSSL",
    "cryptography",
    "service-identity",
    "platformdirs",
    "tomlkit",
    "regex",
)
INSTALL_AGAIN = "python3 packaging/bootstrap.py run installs what is needed"
OLDEST, TOO_NEW = (3, 11), (3, 14)
QT_WITHIN_S = 30.0
KEYRING_WITHIN_S = 5.0
"""A keyring that asks D-Bus may wait for a person for ever."""

# Qt is looked at in a process of its own: this face never loads it, and a missing system library would end us.
QT_PROBE = """
from PySide6 import QtCore, QtWidgets
application = QtWidgets.QApplication([])
print(QtCore.qVersion(), QtWidgets.__file__)
"""
KEYRING_PROBE = """
import keyring
backend = keyring.get_keyring()
print(type(backend).__module__, backend.priority)
"""


def python() -> Finding:
    """The interpreter's version."""
    shown = f"{sys.version.split()[0]} at {sys.executable}"
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        return Finding(False, shown, "3.11, 3.12 and 3.13 are tested")
    return Finding(True, shown)


def installed(name: str) -> Callable[[], Finding]:
    """A look for the package of this name."""

    def look() -> Finding:
        try:
            return Finding(True, version(name))
        except PackageNotFoundError:
            return Finding(False, "not installed", INSTALL_AGAIN)

    return look


def qt() -> Finding:
    """Whether Qt loads, with the system's libraries that it needs."""
    if importlib.util.find_spec("PySide6") is None:
        return Finding(False, "PySide6-Essentials is not installed", INSTALL_AGAIN)
    try:
        done = _python(QT_PROBE, QT_WITHIN_S, QT_QPA_PLATFORM="offscreen")
    except subprocess.TimeoutExpired:
        return Finding(False, f"it did not load within {QT_WITHIN_S:g} s")
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        return Finding(False, f"it does not load: {words}", INSTALL_AGAIN)
    found, _, place = done.stdout.strip().partition(" ")
    if sys.version_info < (3, 12) and tuple(map(int, found.split(".")[:2])) >= (6, 12):
        return Finding(
            False, f"{found} ends this Python after some hundred network events", "PySide6-Essentials<6.12"
        )
    return Finding(True, f"{found} at {os.path.dirname(place)}")


def resources() -> Finding:
    """Whether the program's own files are there."""
    try:
        count = sum(len(assets.names(folder)) for folder in ("schemas", "experiments", "icons", "fonts"))
        assets.read_bytes("schemas/selfcheck.json")
    except WorkbenchError as failure:
        return Finding(False, failure.what, failure.advice)
    return Finding(True, f"{count} schemas, experiments, icons and fonts")


def lab() -> Finding:
    """Whether a Lab of our own starts and its echo answers."""
    import asyncio

    try:
        return asyncio.run(_echo())
    except WorkbenchError as failure:
        return Finding(False, failure.what, failure.advice)


async def _echo() -> Finding:
    from workbench.formats.quantity import duration
    from workbench.formats.target import parse_target
    from workbench.lab.supervisor import Lab
    from workbench.protocols.raw.expect import ExpectOctets
    from workbench.protocols.raw.talk import talk
    from workbench.settings import places
    from workbench.transcript.recorder import Transcript

    transcript = Transcript()
    lab = Lab(places(), join=False)
    try:
        outcome = await talk(
            parse_target("lab:echo"),
            transcript,
            sends=[b"?"],
            expect=ExpectOctets(b"?"),
            resolver=lab.resolve,
            timeout_s=10.0,
        )
        return Finding(bool(outcome.matched), f"echo answered after {duration(transcript[-1].time_ns)}")
    finally:
        await lab.aclose()
        transcript.close()


def dnssec() -> Finding:
    """Whether dnspython can validate: it turns that off without a word when cryptography is too old for it."""
    try:
        import dns.dnssec
    except ImportError as error:
        return Finding(False, f"dnspython does not load: {error}", INSTALL_AGAIN)
    try:
        found = f"dnspython {version('dnspython')} with cryptography {version('cryptography')}"
    except PackageNotFoundError as error:
        return Finding(False, f"{error.name} is not installed", INSTALL_AGAIN)
    # dnspython puts a function of this name in place of all that needs a newer cryptography.
    if dns.dnssec.validate.__name__ == "_need_pyca":
        return Finding(False, f"{found} is too old a pair", "cryptography>=50")
    return Finding(True, found)


def keyring() -> Finding:
    """Whether passwords can be kept by the system."""
    if importlib.util.find_spec("keyring") is None:
        return Finding(False, "the package keyring is not installed: passwords are asked for each time")
    try:
        done = _python(KEYRING_PROBE, KEYRING_WITHIN_S)
    except subprocess.TimeoutExpired:
        return Finding(False, "it waits for somebody to unlock it: passwords are asked for each time")
    backend, _, priority = done.stdout.strip().partition(" ")
    if done.returncode or not priority or float(priority) <= 0:
        return Finding(
            False, f"no usable backend ({backend or 'it does not load'}): passwords are asked for each time"
        )
    return Finding(True, backend)


def openssl() -> Finding:
    """The library behind Python's own ssl module; ours comes with cryptography."""
    try:
        import ssl
    except ImportError as error:
        return Finding(False, str(error))
    return Finding(True, ssl.OPENSSL_VERSION)


def _python(code: str, timeout_s: float, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        env={**os.environ, **environ},
        check=False,
    )
