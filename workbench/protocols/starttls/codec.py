"""Octets of the requests that are no lines of text, and of their answers."""

import struct
from typing import Final

from workbench.errors import PeerMisbehaved

LDAP: Final = "RFC 4511 section 4.14"
START_TLS_OID: Final = b"1.3.6.1.4.1.1466.20037"
SSL_REQUEST: Final = struct.pack("!II", 8, 80877103)
"""A length, and a number where a version of the protocol would stand: 1234 in its upper half, 5679 in its lower."""
MAX_MESSAGE: Final = 16 * 1024
"""Octets of LDAP's answer: a code and a sentence."""
_EXTENDED_REQUEST, _EXTENDED_RESPONSE = 0x77, 0x78
_SEQUENCE, _INTEGER, _ENUMERATED = 0x30, 0x02, 0x0A

RESULTS: Final = {
    1: "operationsError: there is TLS already, or something else is going on",
    2: "protocolError: it does not know the request",
    10: "referral: another server should be asked",
    52: "unavailable: it has no TLS now",
    53: "unwillingToPerform",
}
"""Of RFC 4511 appendix A.2, those that section 4.14.2 names."""


def ldap_request(number: int = 1) -> bytes:
    """The ExtendedRequest that asks for TLS, as a whole message."""
    name = bytes((0x80, len(START_TLS_OID))) + START_TLS_OID
    operation = bytes((_EXTENDED_REQUEST, len(name))) + name
    body = bytes((_INTEGER, 1, number)) + operation
    return bytes((_SEQUENCE, len(body))) + body


def ldap_answer(data: bytes) -> tuple[int, str, int] | None:
    """The result, its sentence, and how many octets the message has; None while it is not whole.

    Raises: PeerMisbehaved: this is no answer to an ExtendedRequest.
    """
    head = _head(data, 0)
    if head is None:
        return None
    tag, start, end = head
    if tag != _SEQUENCE or end > MAX_MESSAGE:
        raise _no_answer(data)
    if len(data) < end:
        return None
    _, place, stop = _part(data, start, end, _INTEGER)
    tag, place, stop = _part(data, stop, end, _EXTENDED_RESPONSE)
    _, first, last = _part(data, place, stop, _ENUMERATED)
    if last - first != 1:
        raise _no_answer(data)
    code = data[first]
    _, _, after = _part(data, last, stop, 0x04)
    _, first, last = _part(data, after, stop, 0x04)
    return code, data[first:last].decode("utf-8", "replace"), end


def _part(data: bytes, place: int, limit: int, wanted: int) -> tuple[int, int, int]:
    head = _head(data[:limit], place)
    if head is None or head[0] != wanted or head[2] > limit:
        raise _no_answer(data)
    return head


def _head(data: bytes, place: int) -> tuple[int, int, int] | None:
    """Tag, and where its contents begin and end; None while that is not known. Raises: PeerMisbehaved."""
    if len(data) < place + 2:
        return None
    tag, length, start = data[place], data[place + 1], place + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4:
            raise _no_answer(data)
        if len(data) < start + count:
            return None
        length, start = int.from_bytes(data[start : start + count]), start + count
    return tag, start, start + length


def _no_answer(data: bytes) -> PeerMisbehaved:
    return PeerMisbehaved(
        "this is no LDAP answer to an ExtendedRequest", stage="starttls", data=data, source=LDAP
    )
