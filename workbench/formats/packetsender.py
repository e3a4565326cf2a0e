"""Packets that Packet Sender saved, as payloads of ours: its packets.ini, and the JSON that it exports.

Nothing is dropped in silence: what a payload of ours can't hold is named in a remark. Its octets are read strictly,
where Packet Sender skips what is no digit: a packet that would be sent otherwise than it reads is refused by name.
"""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.payload import parse_hex, write_payload
from workbench.formats.payload_file import SavedPayload
from workbench.formats.qsettings import read_settings

MAX_PACKETS: Final = 5000

_MACROS: Final = {
    "{{DATE}}": "${date %Y-%m-%d}",
    "{{TIME}}": "${date %I:%M:%S %p}",
    "{{UNIXTIME}}": "${unix}",
    "{{RANDOM}}": "${random 0..18446744073709551615}",
    "{{UNIQUE}}": "${uuid}",
    "{{COUNTER}}": "${counter}",
}
_TRANSPORTS: Final = {"tcp": "tcp", "udp": "udp", "ssl": "tls"}


class Remark(NamedTuple):
    """What was not taken over. name: of the packet; is_refused: the whole of it."""

    name: str
    what: str
    is_refused: bool = False


class Imported(NamedTuple):
    """Payloads in the order of the file, each with its packet's name as the title, and what they could not hold."""

    payloads: tuple[SavedPayload, ...]
    remarks: tuple[Remark, ...]


def read_packets(data: bytes) -> Imported:
    """Packets of either format. Raises: LocalMisuse: it is none of them."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"[", b"{"):
        try:
            found = json.loads(data)
        except (ValueError, RecursionError) as error:
            if start == b"[" and b"=" in data:
                return _of_ini(data)
            raise LocalMisuse(f"this is no JSON: {error}", advice="export it again") from error
        return _of_json(found)
    return _of_ini(data)


def _of_json(found: object) -> Imported:
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise LocalMisuse(
            "this JSON is no list of packets", advice="take the file that Packet Sender exported"
        )
    return _imported([{str(key).lower(): _text(value) for key, value in each.items()} for each in found], [])


def _of_ini(data: bytes) -> Imported:
    settings = read_settings(data)
    names = _names(settings.values)
    if not names:
        raise LocalMisuse(
            "there are no packets in this file",
            advice="take packets.ini of Packet Sender, or the JSON that it exports",
        )
    packets: list[dict[str, str]] = []
    remarks = [Remark("", problem) for problem in settings.problems]
    for name in names:
        fields = {
            key[len(name) + 1 :].lower(): value
            for key, value in settings.values.items()
            if key.startswith(f"{name}/")
        }
        if fields:
            packets.append({"name": name, **fields})
        else:
            remarks.append(Remark(name, "it is named in the list, and nothing else stands in the file", True))
    return _imported(packets, remarks)


def _names(values: Mapping[str, str]) -> list[str]:
    """The array NAMES: 1/name, 2/name and so on."""
    found = []
    for number in range(1, MAX_PACKETS + 1):
        name = values.get(f"NAMES/{number}/name")
        if name is None:
            break
        found.append(name)
    return found


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _imported(packets: list[dict[str, str]], remarks: list[Remark]) -> Imported:
    payloads = []
    for packet in packets[:MAX_PACKETS]:
        made = _payload(packet, remarks)
        if made is not None:
            payloads.append(made)
    if len(packets) > MAX_PACKETS:
        remarks.append(Remark("", f"only the first {MAX_PACKETS} packets were read", True))
    return Imported(tuple(payloads), tuple(remarks))


def _payload(packet: Mapping[str, str], remarks: list[Remark]) -> SavedPayload | None:
    name = "".join(one if one.isprintable() else " " for one in packet.get("name", "")).strip()[:200]
    if not name:
        remarks.append(Remark("", "a packet without a name", True))
        return None
    kind = packet.get("tcporudp", "TCP").strip()
    transport = _TRANSPORTS.get(kind.lower())
    if transport is None:
        remarks.append(Remark(name, f"{kind} is no plain payload; the Web panel makes such requests", True))
        return None
    try:
        data = parse_hex(packet.get("hexstring", "").strip())
    except LocalMisuse as wrong:
        remarks.append(Remark(name, f"its octets can't be read: {wrong.what}", True))
        return None
    text, macros = _with_macros(data)
    if macros:
        remarks.append(Remark(name, f"{', '.join(macros)}: written as macros; formats of dates may differ"))
    return SavedPayload(
        name,
        text,
        _target(packet, name, remarks),
        transport,
        "as typed",
        "utf-8",
        "\n".join(_notes(packet, name, remarks)),
    )


def _with_macros(data: bytes) -> tuple[str, list[str]]:
    """The octets in our notation, and which of its macros were in them."""
    text = write_payload(data).replace("${", "$${")
    used = []
    for theirs, ours in _MACROS.items():
        if theirs in text:
            used.append(theirs)
            text = text.replace(theirs, ours)
    return text, used


def _target(packet: Mapping[str, str], name: str, remarks: list[Remark]) -> str:
    host, port = packet.get("toip", "").strip(), packet.get("port", "").strip()
    if not host:
        return ""
    is_port = port.isascii() and port.isdecimal() and len(port) <= 5 and 0 < int(port) < 65536
    if not is_port or not host.isprintable() or " " in host or len(host) > 255:
        remarks.append(Remark(name, f"its address {host[:60]}:{port[:10]} is none"))
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _notes(packet: Mapping[str, str], name: str, remarks: list[Remark]) -> list[str]:
    """What has no place of its own, as lines of the note; each is a remark, too."""
    found = []
    for field, nothing, words in (
        ("repeat", ("", "0"), "sent again every {} s: choose that under Repeat"),
        ("fromport", ("", "0"), "sent from port {}"),
        ("requestpath", ("",), "request {}"),
        ("sendresponse", ("", "0"), "send response {}"),
        ("errorstring", ("",), "error: {}"),
    ):
        value = "".join(one if one.isprintable() else " " for one in packet.get(field, "")).strip()[:200]
        if value not in nothing:
            found.append(words.format(value))
            remarks.append(Remark(name, f"{found[-1]}; kept in the note"))
    return found
