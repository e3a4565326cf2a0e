"""Pulling a socket's cable, on loopback: the system throws away whatever arrives for it, and so acknowledges nothing.

To the peer it is as if this machine had gone: not even its system answers any more. The socket itself notices nothing.
Linux only: a filter of one instruction, "take no octet of it" (socket(7), SO_ATTACH_FILTER); no privilege is needed.
"""

import socket
import struct
import sys

from workbench.errors import LocalFault

_SO_ATTACH_FILTER = 26
"""asm-generic/socket.h; Python has no name for it."""
_RETURN_NOTHING = struct.pack("=HBBI", 0x06, 0, 0, 0)
"""One instruction of the classic packet filter: BPF_RET | BPF_K with the constant 0."""


def unplug(sock: socket.socket) -> None:
    """Let nothing reach this socket from now on; there is no way back.

    Raises: LocalFault: this system can't.
    """
    import ctypes

    if not sys.platform.startswith("linux"):
        raise LocalFault("only Linux can pull the cable of one socket", stage="unplug")
    program = ctypes.create_string_buffer(_RETURN_NOTHING, len(_RETURN_NOTHING))
    try:
        # struct sock_fprog: a count of instructions, and where they stand; the system copies them.
        place = struct.pack("HP", 1, ctypes.addressof(program))
        sock.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, place)
    except OSError as error:
        raise LocalFault(f"the system pulls no cables: {error.strerror}", stage="unplug") from error
