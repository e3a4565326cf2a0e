"""What is wrong in one field of a form, whoever filled it; and the files that a field names."""

import errno
import os
import select

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.errno_words import symbol_of

MAX_FILE = 4 * 1024 * 1024
"""Octets of a file of certificates: the whole of a system's store is a tenth of it."""
PIPE_WITHIN_S = 5.0
"""For the next octets: a shell's `<(...)` takes a moment to write; a silent pipe must not be waited for for ever."""


class FieldError(WorkbenchError):
    """What is wrong with the field that `field` names; made as FieldMistake or FieldFault."""

    field: str = ""

    @property
    def kind(self) -> str:
        """To others it is a failure like any: the name of the class that says who is to blame."""
        return type(self).__mro__[1].__name__


class FieldMistake(LocalMisuse, FieldError):
    """A mistake in a field; text, start and end are of that field."""


class FieldFault(LocalFault, FieldError):
    """This machine does not give what the whole of a field names."""


def in_field(field: str, misuse: LocalMisuse) -> FieldMistake:
    """The mistake, to be raised, with the field it stands in."""
    mistake = FieldMistake(
        misuse.what,
        stage="options",
        text=misuse.text,
        start=misuse.start,
        end=misuse.end,
        advice=misuse.advice,
    )
    mistake.field = field
    return mistake


def mistake_in(field: str, what: str, text: str = "", *, advice: str = "") -> FieldMistake:
    """A mistake that is all of a field's text, to be raised; "" is nothing where something is needed."""
    return in_field(field, LocalMisuse(what, text=text, start=0, end=len(text), advice=advice))


def read_file(field: str, path: str) -> bytes:
    """The file of certificates, or of a key, that a field names.

    Raises: FieldFault: it can't be read; FieldMistake: that is no name of a file, or such a file is too large or empty.
    """
    if not path.strip():
        raise mistake_in(field, "the name of the file is missing")
    try:
        data = _octets(path)
    except OSError as error:
        fault = FieldFault(
            f"{path} can't be read: {error.strerror}", stage="input", errno_name=symbol_of(error)
        )
        fault.field = field
        raise fault from error
    except ValueError as error:
        raise mistake_in(field, f"{path!r} is no name of a file", path) from error
    if not data or len(data) > MAX_FILE:
        why = "is too large to be certificates" if data else "is empty"
        raise mistake_in(field, f"{path} {why}", path)
    return data


def _octets(path: str) -> bytes:
    """All of it, and one octet more than is allowed; raises what the system does."""
    data = bytearray()
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        waiting = select.poll()
        waiting.register(file, select.POLLIN)
        while waiting.poll(PIPE_WITHIN_S * 1000):
            piece = file.read(MAX_FILE + 1 - len(data))
            data += piece or b""
            if not piece or len(data) > MAX_FILE:
                return bytes(data)
    raise TimeoutError(errno.ETIMEDOUT, "nobody writes to it")


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)
