"""The figures of tests.bench.mime: python -m tests.bench.mime_client FOLDER RUNS, prints JSON."""

import base64
import email
import email.policy
import hashlib
import mailbox
import os
import sys
import time
from collections.abc import Callable
from email.message import Message
from pathlib import Path

from tests.bench.children import say
from workbench.formats.mime.contents import examining
from workbench.formats.mime.dates import read_date
from workbench.formats.mime.files import FileOctets
from workbench.formats.mime.mbox import Mbox, head_at, indexing
from workbench.formats.mime.parse import headers_of, parse
from workbench.formats.mime.values import through
from workbench.formats.mime.words import plain

ATTACHED = 25 * 1024 * 1024
PARTS, DEPTH, LETTERS = 5000, 500, 10_000


def large() -> bytes:
    """A text and an attachment of octets that nothing compresses."""
    head = b"From: a@lab.test\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n--cut\r\n\r\ntext\r\n--cut\r\n"
    body = base64.encodebytes(os.urandom(ATTACHED)).replace(b"\n", b"\r\n")
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + body + b"--cut--\r\n"


def many() -> bytes:
    """Small parts, each with its headers."""
    part = (
        b"--cut\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: inline\r\n\r\ntext %d\r\n"
    )
    parts = b"".join(part % number for number in range(PARTS))
    return b"Content-Type: multipart/mixed; boundary=cut\r\n\r\n" + parts + b"--cut--\r\n"


def deep() -> bytes:
    """Multiparts in multiparts, none of them ended."""
    level = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n"
    return b"".join(level % (number, number) for number in range(DEPTH)) + b"\r\ntext\r\n"


def box(path: Path) -> None:
    """Letters of 1.6 kB with an encoded sender."""
    letter = (
        b"From a@lab.test Tue Dec  9 15:29:18 2003\nFrom: =?utf-8?q?Gr=C3=BC=C3=9Fe?= <a@lab.test>\n"
        b"Subject: letter %d\nDate: Tue, 09 Dec 2003 15:29:18 -0600\n\n%s\n"
    )
    text = b"a line of some words in a letter\n" * 45
    path.write_bytes(b"".join(letter % (number, text) for number in range(LETTERS)))


def theirs(data: bytes) -> Message:
    """The library's tree."""
    return email.message_from_bytes(data, policy=email.policy.default)


def decode_theirs(data: bytes) -> None:
    """The library's tree, contents decoded and hashed as ours are."""
    for part in theirs(data).walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            hashlib.sha256(content).hexdigest()


def index(path: Path) -> tuple[FileOctets, Mbox]:
    """Where each letter begins."""
    source = FileOctets(str(path))
    return source, through(indexing(source))


def rows(path: Path) -> None:
    """What a list shows, of all letters."""
    source, found = index(path)
    for slot in found.slots:
        fields = headers_of(head_at(source, slot))
        read_date(fields["date"])
        plain(fields["from"])
    source.close()


def their_rows(path: Path) -> None:
    """The same by the library, its headers decoded by its own policy."""
    found = mailbox.mbox(
        path, factory=lambda file: email.message_from_binary_file(file, policy=email.policy.default)
    )
    for key in found.keys():  # noqa: SIM118 - a mailbox is iterated by its letters
        letter = found[key]
        str(letter["from"]), str(letter["subject"]), letter["date"].datetime
    found.close()


def their_index(path: Path) -> None:
    """Where each letter begins, by the library."""
    found = mailbox.mbox(path)
    found.keys()
    found.close()


def timed(runs: int, ours: Callable[[], object], others: Callable[[], object]) -> dict[str, list[float]]:
    """Both in turn, so that a noise of the machine meets both."""
    took: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(runs):
        for name, call in (("ours", ours), ("theirs", others)):
            began = time.perf_counter()
            call()
            took[name].append(time.perf_counter() - began)
    return took


def main(folder: str, runs: int) -> None:
    """Measure and print."""
    path = Path(folder) / "letters.mbox"
    box(path)
    big, wide, nested = large(), many(), deep()
    say(
        {
            "large": timed(runs, lambda: parse(big), lambda: theirs(big)),
            "decoded": timed(runs, lambda: through(examining(parse(big))), lambda: decode_theirs(big)),
            "many": timed(runs, lambda: parse(wide), lambda: theirs(wide)),
            "deep": timed(runs, lambda: parse(nested), lambda: theirs(nested)),
            "box": timed(runs, lambda: index(path)[0].close(), lambda: their_index(path)),
            "rows": timed(runs, lambda: rows(path), lambda: their_rows(path)),
        }
    )
    path.unlink()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
