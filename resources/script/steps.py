"""How a step is told, timed and judged, and what was expected in the end."""

import contextlib
import errno
import re
import sys
import time


class LinkLost(Exception):
    """The connection is gone, or could not be had."""


class PeerMisbehaved(Exception):
    """The other side said what it may not say."""


class Refused(Exception):
    """The other side said no."""


class LocalMisuse(Exception):
    """This program asked for what can't be."""


class LocalFault(Exception):
    """This machine can't."""


KINDS = {
    "LinkLost": "LinkLost",
    "PeerMisbehaved": "PeerMisbehaved",
    "Refused": "Refused",
    "LocalMisuse": "LocalMisuse",
    "LocalFault": "LocalFault",
    "TimeoutError": "TooSlow",
    "SSLCertVerificationError": "Untrusted",
    "SSLError": "PeerMisbehaved",
    "SMTPResponseException": "Refused",
    "OSError": "LinkLost",
    "DatabaseError": "Refused",
    "Timeout": "TooSlow",
    "EOFError": "LinkLost",
}
"""Exceptions by their class, and the kind of failure that each of them is."""


class Outcome:
    """What became of a step: error is "" where it worked, else the kind of failure; errno the system's word."""

    def __init__(self):
        self.ok, self.error, self.errno, self.stage, self.why = True, "", "", "", ""
        self.began, self.ended, self.elapsed_ms = time.monotonic(), 0.0, 0.0

    def fail(self, error):
        self.ok = False
        known = [KINDS[one.__name__] for one in type(error).__mro__ if one.__name__ in KINDS]
        if not known:
            raise error
        self.error, self.errno = known[0], symbol_of(error)
        self.why, self.stage = str(error), getattr(error, "stage", "")
        print(f"    it failed, {self.error}: {error}")


outcomes = {}
wrong = []


@contextlib.contextmanager
def step(sentence, name="", fails=""):
    """Say what is done, and do it; a failure that is not meant ends the program."""
    print(sentence)
    outcome = Outcome()
    if name:
        outcomes[name] = outcome
    try:
        yield outcome
    except Exception as error:
        outcome.fail(error)
    outcome.ended = time.monotonic()
    outcome.elapsed_ms = (outcome.ended - outcome.began) * 1000
    if outcome.error != fails:
        sys.exit(f"    expected was {f'a failure: {fails}' if fails else 'no failure'}")


def symbol_of(error):
    """The system's word for an error, "" where it has none."""
    while error is not None:
        if isinstance(error, TimeoutError):
            return "ETIMEDOUT"
        if symbol := getattr(error, "symbol", ""):
            return symbol
        number = getattr(error, "errno", None)
        if number in errno.errorcode:
            return errno.errorcode[number]
        error = error.__cause__
    return ""


def as_text(data):
    """Octets as text: UTF-8 where they are, escapes where not."""
    return bytes(data).decode("utf-8", "backslashreplace")


def tell(what):
    """What was seen at a step."""
    print("   ", what)


TESTS = {
    "equals": lambda seen, value: seen == value,
    "differs_from": lambda seen, value: seen != value,
    "one_of": lambda seen, value: seen in value,
    "contains": lambda seen, value: value in seen,
    "lacks": lambda seen, value: value not in seen,
    "matches": lambda seen, value: re.search(value, seen) is not None,
    "at_least": lambda seen, value: seen >= value,
    "at_most": lambda seen, value: seen <= value,
}


def expect(what, seen, **tests):
    """Compare what was seen with what was expected, and say it."""
    missed = [name for name, value in tests.items() if not TESTS[name](seen, value)]
    shown = repr(seen)
    print(f"{'!' if missed else '+'} {what}: {shown if len(shown) <= 300 else shown[:300] + '...'}")
    for name in missed:
        print(f"    but expected was: {name.replace('_', ' ')} {tests[name]!r}")
        wrong.append(what)


def unseen(what):
    """It did not come to what was expected."""
    print(f"! {what}: it did not come to that")
    wrong.append(what)


def judged():
    """End the program: 0 where everything was as expected."""
    print("Everything was seen as expected." if not wrong else f"Not as expected: {', '.join(wrong)}.")
    sys.stdout.flush()
    sys.exit(bool(wrong))
