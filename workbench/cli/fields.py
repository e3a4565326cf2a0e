"""Arguments that fill a form of the engines: what is wrong in a field is told of the option it came from."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from workbench.cli.arguments import Parsed, in_argument
from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.proxy_address import LOGIN_ADVICE
from workbench.protocols.raw.field import FieldError
from workbench.wire.tls.values import UNTRUSTED_ADVICE


def texts(parsed: Parsed, options: Mapping[str, str], may_be_empty: Sequence[str] = ()) -> dict[str, str]:
    """What stands in the fields, by the options that fill them; "" where none was given.

    Raises: LocalMisuse: one was given empty, as a script does that forgot something.
    """
    found = {}
    for field, option in options.items():
        given = parsed[option]
        words = (given,) if isinstance(given, str) else given or ()
        if field not in may_be_empty and not all(word.strip() for word in words):
            raise LocalMisuse(f"{option} must not be empty", advice="or leave it out")
        found[field] = " ".join(words)
    return found


@contextmanager
def named_by_options(parsed: Parsed, options: Mapping[str, str]) -> Iterator[None]:
    """While a form is read: name the option.

    Args:
        options: by field; what is wrong in another one is told as it is.

    Raises: LocalMisuse with the place in what was given; LocalFault.
    """
    try:
        yield
    except FieldError as error:
        raise _named(error, options.get(error.field, ""), parsed) from error


def _named(error: FieldError, option: str, parsed: Parsed) -> WorkbenchError:
    if isinstance(error, LocalMisuse) and option and parsed[option] is not None:
        return in_argument(option, texts(parsed, {"": option}, ("",))[""], error)
    what = f"{option}: {error.what}" if option else error.what
    if isinstance(error, LocalMisuse):
        return LocalMisuse(what, stage=error.stage, advice=error.advice)
    return LocalFault(what, stage=error.stage, errno_name=error.errno_name, advice=error.advice)


def name_options(failure: WorkbenchError, authorities: str = "--ca") -> None:
    """Where the wire advises what an option does, have the failure name it."""
    options = {
        LOGIN_ADVICE: "--proxy-user, --proxy-password-file",
        UNTRUSTED_ADVICE: f"--show-untrusted, {authorities} FILE",
    }
    if failure.advice in options:
        failure.advice += f" ({options[failure.advice]})"
