"""The form as a request: its fields and its body put together; files are read here. No Qt."""

import os
import stat
from dataclasses import replace
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.panels.web.state import Form
from workbench.protocols.http.encode import added
from workbench.protocols.http.forms import FormField, multipart, urlencoded
from workbench.protocols.http.values import Added, Login, Request

FILE_MARK = "@"
"""Begins a value that names a file, in a form of parts."""
MAX_FILE = 16 * 1024 * 1024
MAX_PREVIEWED = 256 * 1024
"""Octets of a file that are read while somebody types; a larger one is read when it goes."""
BOUNDARY = "workbench-7f3a91c2"
"""One boundary for all: the preview shows what will go. Where it stands in the data another is made."""


class Content(NamedTuple):
    """A body. content_type: "" where the form has none to say."""

    body: bytes = b""
    content_type: str = ""
    secret: tuple[tuple[int, int], ...] = ()


def content_of(form: Form, raw: bytes, *, all_of_it: bool = False) -> Content:
    """The body that the form makes.

    Args:
        raw: the octets of the editor.
        all_of_it: large files are read, too; else they are a mistake that says so.

    Raises: LocalMisuse: a file can't be read, or what is in the form can't be said.
    """
    if form.body == "none":
        return Content()
    if form.body == "raw":
        return Content(raw)
    limit = MAX_FILE if all_of_it else MAX_PREVIEWED
    is_parts = form.body == "parts"
    fields = [_field(name, value, is_parts, limit) for name, value in form.fields]
    made = multipart(fields, BOUNDARY) if is_parts else urlencoded(fields)
    return Content(made.body, made.content_type, made.secret)


def composed(form: Form, password: str, raw: bytes, content: Content) -> Request:
    """The form as a request."""
    headers = form.headers
    if content.content_type and not any(name.lower() == "content-type" for name, _ in headers):
        headers = (*headers, ("Content-Type", content.content_type))
    return Request(
        form.url,
        form.method,
        headers,
        content.body,
        content.secret,
        Login(form.user, password) if form.user else None,
        form.without,
        form.tls,
    )


def added_to(request: Request) -> tuple[Added, ...]:
    """Everything that could be added by itself, also what is switched off."""
    return added(replace(request, without=frozenset()))


def _field(name: str, value: str, is_parts: bool, limit: int) -> FormField:
    if not is_parts or not value.startswith(FILE_MARK) or len(value) == 1:
        return FormField(name, value)
    path = value[1:]
    return FormField(name, "", os.path.basename(path) or path, _read(path, limit))


def _read(path: str, limit: int) -> bytes:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no name of a file"
        raise LocalMisuse(
            f"{path!r} can't be read: {why}", text=path, start=0, end=len(path), advice="name a file"
        ) from error
    try:
        about = os.fstat(fd)
        if not stat.S_ISREG(about.st_mode):
            raise LocalMisuse(f"{path!r} is no plain file", text=path, start=0, end=len(path))
        if about.st_size > limit:
            why = (
                "and is read when the request goes"
                if limit < MAX_FILE
                else "which is more than a form sends here"
            )
            raise LocalMisuse(
                f"{path!r} has {about.st_size:,} octets, {why}", text=path, start=0, end=len(path)
            )
        with os.fdopen(os.dup(fd), "rb") as file:
            return file.read(limit)
    except OSError as error:
        raise LocalMisuse(f"{path!r} can't be read: {error.strerror}") from error
    finally:
        os.close(fd)
