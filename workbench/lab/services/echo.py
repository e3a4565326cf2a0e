"""Echo: every octet comes back (RFC 862)."""

from workbench.lab.guest import Guest
from workbench.lab.service import TcpService

_SWAP_CASE = bytes.maketrans(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
)

TRANSFORMS = ("none", "upper", "lower", "swapcase", "rot13")


def transformed(data: bytes, how: str) -> bytes:
    """The octets as the switch `transform` has them: ASCII letters change, every other octet stays as it is."""
    match how:
        case "upper":
            return data.upper()
        case "lower":
            return data.lower()
        case "swapcase":
            return data.translate(_SWAP_CASE)
        case "rot13":
            return bytes(_rotated(octet) for octet in data)
    return data


def _rotated(octet: int) -> int:
    if 65 <= octet <= 90:
        return (octet - 65 + 13) % 26 + 65
    if 97 <= octet <= 122:
        return (octet - 97 + 13) % 26 + 97
    return octet


class Echo(TcpService):
    """Reads and sends back by turns, so a client that does not read is not read either: the deadlock of two writers."""

    async def converse(self, guest: Guest) -> None:
        how = self.turned.text("transform")
        while data := await guest.read():
            await guest.answer(transformed(data, how))
