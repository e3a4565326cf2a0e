"""A letter from what a person composed: headers, text, HTML, attachments, and its envelope beside it.

Bcc goes into the envelope alone. What is composed is built the same way each time: date, identifier and the boundaries'
token are given, so that a preview is what will be sent.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.host_name import to_ascii
from workbench.formats.mime.addresses import typed_addresses
from workbench.formats.mime.dates import write_date
from workbench.formats.mime.encode import (
    PIECE,
    Body,
    address_field,
    base64_lines,
    check_name,
    check_value,
    text_body,
    text_field,
    value_field,
)
from workbench.formats.mime.names import safe_name
from workbench.formats.mime.parameters import media_type_of, read_value
from workbench.formats.mime.scan import MAX_LINE
from workbench.formats.mime.values import Pausing, through

_ADDRESSED = (("From", "sender"), ("Reply-To", "reply_to"), ("To", "to"), ("Cc", "cc"))
_OWN = frozenset(
    {"from", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "mime-version", "content-type"}
)

MEDIA_TYPES = {
    "txt": "text/plain",
    "log": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "ics": "text/calendar",
    "xml": "application/xml",
    "json": "application/json",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
    "eml": "message/rfc822",
    "pem": "application/x-pem-file",
    "crt": "application/x-x509-ca-cert",
    "cer": "application/pkix-cert",
}
"""By the ending of a file's name. Fixed: the system's own list is another one on each machine."""


class Attachment(NamedTuple):
    """Octets that go along. content_id: of a picture within the HTML, which says cid: and this; "" for a file."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""


class Draft(NamedTuple):
    """What a person composed; addresses as typed, separated by commas. extra: further header fields."""

    sender: str = ""
    to: str = ""
    cc: str = ""
    bcc: str = ""
    reply_to: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()


class Stamp(NamedTuple):
    """What makes a letter one of its own. token: letters and digits that nobody else chooses."""

    when: datetime
    token: str


class Built(NamedTuple):
    """A letter and its envelope. lacks: why it can't be sent yet, sentences; () when it can. added: the fields that
    nobody typed.
    """

    data: bytes
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    lacks: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def new_stamp(when: datetime) -> Stamp:
    """A stamp for another letter. when: aware of its zone."""
    return Stamp(when, secrets.token_hex(8))


def media_type_for(name: str) -> str:
    """The media type that a file's name stands for; a compressed one is only octets."""
    return MEDIA_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def build(draft: Draft, stamp: Stamp) -> Built:
    """The letter. Raises: LocalMisuse with the place; its stage is the field."""
    return through(building(draft, stamp))


def building(draft: Draft, stamp: Stamp) -> Pausing[Built]:
    """build() with pauses: attachments are large."""
    lists = {name: _addresses(name, getattr(draft, field)) for name, field in _ADDRESSED}
    lists["Bcc"] = _addresses("Bcc", draft.bcc)
    if len(lists["From"]) > 1:
        second = draft.sender.find(",")
        raise LocalMisuse(
            "From: one sender is enough here",
            text=draft.sender,
            start=max(second, 0),
            end=len(draft.sender),
            stage="From",
            advice="keep one address",
        )
    sender = lists["From"][0][1] if lists["From"] else ""
    recipients = tuple(dict.fromkeys(address for name in ("To", "Cc", "Bcc") for _, address in lists[name]))
    message_id = _message_id(stamp, sender)
    fields = [address_field(name, lists[name]) for name, _ in _ADDRESSED if lists[name]]
    if draft.subject:
        fields.append(text_field("Subject", draft.subject))
    fields += [f"Date: {write_date(stamp.when)}\r\n".encode(), f"Message-ID: {message_id}\r\n".encode()]
    fields += [_extra(name, value) for name, value in draft.extra]
    fields.append(b"MIME-Version: 1.0\r\n")
    content = yield from _content(draft, stamp)
    data = b"".join((*fields, content))
    lacks = [
        what
        for what, there in (("there is no sender", sender), ("there is no recipient", recipients))
        if not there
    ]
    added = ("Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
    return Built(data, sender, recipients, message_id, tuple(lacks), added)


def _addresses(field: str, text: str) -> list[tuple[str, str]]:
    check_value(text, field)
    try:
        return [
            (each.name if each.address else "", _on_the_wire(each.address or each.name))
            for each in typed_addresses(text)
        ]
    except LocalMisuse as misuse:
        known = misuse.start is not None
        raise LocalMisuse(
            f"{field}: {misuse.what}",
            text=text,
            start=misuse.start if known else 0,
            end=misuse.end if known else len(text),
            stage=field,
            advice=misuse.advice,
            source=misuse.source,
        ) from misuse


def _on_the_wire(address: str) -> str:
    """The address in ASCII: another script's domain as xn--; another script before the @ can't be."""
    local, _, domain = address.rpartition("@")
    if not local.isascii():
        raise LocalMisuse(
            f"{address[:60]} needs a server that takes SMTPUTF8, which is not offered here",
            advice="ask for an address whose part before the @ is ASCII",
            source="RFC 6531",
        )
    return f"{local}@{domain if domain.startswith('[') else to_ascii(domain)}"


def _message_id(stamp: Stamp, sender: str) -> str:
    """From time and token, at the sender's domain: this machine's own name is nobody's business."""
    domain = sender.rpartition("@")[2] or "workbench.invalid"
    return f"<{int(stamp.when.timestamp())}.{stamp.token}@{domain.strip('[]').replace(':', '.')}>"


def _extra(name: str, value: str) -> bytes:
    check_name(name)
    if name.lower() in _OWN or name.lower().startswith("content-"):
        raise LocalMisuse(
            f"{name} has a field of its own",
            text=name,
            start=0,
            end=len(name),
            stage="headers",
            advice="use that one",
        )
    return text_field(name, value)


# ---- the content


class _Entity(NamedTuple):
    """Header fields and body of a part."""

    fields: bytes
    body: bytes

    @property
    def data(self) -> bytes:
        return self.fields + b"\r\n" + self.body


def _content(draft: Draft, stamp: Stamp) -> Pausing[bytes]:
    inline = [each for each in draft.attachments if each.content_id and draft.html]
    files = [each for each in draft.attachments if each not in inline]
    level = 0
    html: _Entity | None = None
    if draft.html:
        html = _text("html", draft.html)
        if inline:
            pictures = []
            for each in inline:
                pictures.append((yield from _attached(each, is_inline=True)))
            html = _multipart("related", [html, *pictures], stamp, level)
            level += 1
    if html is None:
        entity = _text("plain", draft.text)
    elif draft.text:
        entity = _multipart("alternative", [_text("plain", draft.text), html], stamp, level)
        level += 1
    else:
        entity = html
    if files:
        parts = [entity]
        for each in files:
            parts.append((yield from _attached(each, is_inline=False)))
        entity = _multipart("mixed", parts, stamp, level)
    return entity.data


def _text(subtype: str, text: str) -> _Entity:
    body = text_body(text)
    fields = value_field("Content-Type", f"text/{subtype}", [("charset", body.charset)])
    return _Entity(fields + f"Content-Transfer-Encoding: {body.encoding}\r\n".encode(), body.data)


def _attached(attachment: Attachment, *, is_inline: bool) -> Pausing[_Entity]:
    media_type, body = yield from _carried(attachment)
    name = safe_name(attachment.name, media_type, 1).name
    check_value(name, "attachment")
    fields = value_field("Content-Type", media_type, [("name", name)] if name.isascii() else [])
    fields += f"Content-Transfer-Encoding: {body.encoding}\r\n".encode()
    fields += value_field(
        "Content-Disposition", "inline" if is_inline else "attachment", [("filename", name)]
    )
    if is_inline:
        fields += f"Content-ID: <{check_value(attachment.content_id, 'Content-ID')}>\r\n".encode(
            "ascii", "replace"
        )
    return _Entity(fields, body.data)


def _carried(attachment: Attachment) -> Pausing[tuple[str, Body]]:
    """How the octets travel: a letter within the letter as it is where 7 bits do, all else as base64."""
    media_type = media_type_of(read_value(check_value(attachment.media_type, "attachment")))
    data = attachment.data
    if media_type == "message/rfc822":
        if data.isascii() and b"\0" not in data and max(map(len, data.split(b"\n"))) <= MAX_LINE:
            return media_type, Body(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), "7bit")
        media_type = "application/octet-stream"
    if not media_type or media_type.startswith("multipart/"):
        media_type = "application/octet-stream"
    pieces: list[bytes] = []
    for at in range(0, len(data), PIECE):
        pieces.append(base64_lines(data[at : at + PIECE]))
        yield
    return media_type, Body(b"".join(pieces).removesuffix(b"\r\n"), "base64")


def _multipart(subtype: str, parts: Sequence[_Entity], stamp: Stamp, level: int) -> _Entity:
    datas = [part.data for part in parts]
    boundary = _boundary(datas, f"=_{stamp.token}_{level}")
    line = b"--" + boundary.encode("ascii")
    fields = value_field("Content-Type", f"multipart/{subtype}", [("boundary", boundary)])
    pieces: list[bytes] = []
    for data in datas:
        # The line end before a boundary is the boundary's own: what a part ends with stays its own.
        pieces += [line, b"\r\n", data, b"\r\n"]
    return _Entity(fields, b"".join((*pieces, line, b"--\r\n")))


def _boundary(datas: Sequence[bytes], wanted: str) -> str:
    """A boundary that none of the parts holds."""
    boundary = wanted
    number = 0
    while any(b"--" + boundary.encode("ascii") in data for data in datas):
        number += 1
        boundary = f"{wanted}_{number}"
    return boundary
