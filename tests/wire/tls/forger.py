"""Records of TLS made by hand with a connection's own keys: what no library would send (RFC 8446, RFC 5246)."""

import hashlib
import hmac
import struct
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

HANDSHAKE, DATA = 22, 23
KEY_UPDATE, AND_YOU_TOO = b"\x18\x00\x00\x01\x00", b"\x18\x00\x00\x01\x01"
"""Section 4.6.3: a new key for what follows, and the wish that the other side changes its own."""


class Forger:
    """Seals records as one side would; after a KeyUpdate of its own with the next key.

    Args:
        keys: lines of the key log; side: "CLIENT" or "SERVER". The cipher is TLS_AES_256_GCM_SHA384.
    """

    def __init__(self, keys: Sequence[bytes], side: str) -> None:
        wanted = f"{side}_TRAFFIC_SECRET_0".encode()
        self._secret = next(
            bytes.fromhex(line.split()[2].decode()) for line in keys if line.startswith(wanted)
        )
        self._begin()

    def seal(self, content: bytes, kind: int = DATA) -> bytes:
        """One record; its content's kind stands inside (section 5.2)."""
        inner = content + bytes([kind])
        head = struct.pack("!BHH", 23, 0x0303, len(inner) + 16)
        nonce = bytes(a ^ b for a, b in zip(self._iv, self._number.to_bytes(12), strict=True))
        self._number += 1
        return head + AESGCM(self._key).encrypt(nonce, inner, head)

    def key_update(self, message: bytes = KEY_UPDATE) -> bytes:
        """A KeyUpdate; what is sealed next is sealed by the next key (section 7.2)."""
        record = self.seal(message, HANDSHAKE)
        self._secret = self._expanded(b"traffic upd", 48)
        self._begin()
        return record

    def skip(self, records: int) -> None:
        """Count records that the true owner of the keys has sent already."""
        self._number += records

    def _begin(self) -> None:
        self._key, self._iv = self._expanded(b"key", 32), self._expanded(b"iv", 12)
        self._number = 0

    def _expanded(self, label: bytes, length: int) -> bytes:
        """HKDF-Expand-Label of section 7.1, for at most one block of the hash."""
        name = b"tls13 " + label
        info = struct.pack("!HB", length, len(name)) + name + b"\0"
        return hmac.digest(self._secret, info + b"\1", hashlib.sha384)[:length]


class OldForger:
    """The same for TLS 1.2 (RFC 5246, RFC 5288), where nobody changes keys.

    Args:
        keys: lines of the key log; server_random: of the ServerHello; side: "CLIENT" or "SERVER". The cipher is
            ECDHE-ECDSA-AES256-GCM-SHA384.
    """

    def __init__(self, keys: Sequence[bytes], server_random: bytes, side: str) -> None:
        line = next(line for line in keys if line.startswith(b"CLIENT_RANDOM "))
        client_random, master = (bytes.fromhex(word.decode()) for word in line.split()[1:])
        block = _expanded(master, b"key expansion" + server_random + client_random, 72)
        at = 0 if side == "CLIENT" else 1
        self._key = block[32 * at : 32 * at + 32]
        self._salt = block[64 + 4 * at : 68 + 4 * at]
        # Number 0 was the Finished.
        self._number = 1

    def seal(self, content: bytes, kind: int) -> bytes:
        """One record."""
        number = self._number.to_bytes(8)
        self._number += 1
        about = number + struct.pack("!BHH", kind, 0x0303, len(content))
        sealed = number + AESGCM(self._key).encrypt(self._salt + number, content, about)
        return struct.pack("!BHH", kind, 0x0303, len(sealed)) + sealed


def _expanded(secret: bytes, seed: bytes, length: int) -> bytes:
    """P_hash of RFC 5246 section 5, by SHA-384."""
    made, step = b"", seed
    while len(made) < length:
        step = hmac.digest(secret, step, hashlib.sha384)
        made += hmac.digest(secret, step + seed, hashlib.sha384)
    return made[:length]
