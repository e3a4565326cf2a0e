"""Socket options and an address of ours in a copied script."""

import socket
from collections.abc import Sequence

from workbench.formats.target import Target
from workbench.wire.options import Setting

_LEVELS = {
    int(socket.IPPROTO_TCP): ("IPPROTO_TCP", "TCP_"),
    int(socket.SOL_SOCKET): ("SOL_SOCKET", "SO_"),
    int(socket.IPPROTO_IP): ("IPPROTO_IP", "IP_"),
    int(socket.IPPROTO_IPV6): ("IPPROTO_IPV6", "IPV6_"),
}
_V6_NAMES = {
    "TTL": "IPV6_UNICAST_HOPS",
    "MULTICAST_TTL": "IPV6_MULTICAST_HOPS",
    "MULTICAST_LOOP": "IPV6_MULTICAST_LOOP",
}


def settings_lines(settings: Sequence[Setting], name: str, indent: str, *, is_v6: bool) -> str:
    """A setsockopt a line, for the socket of that name."""
    return "".join(f"{indent}{name}.setsockopt({_arguments(setting, is_v6=is_v6)})\n" for setting in settings)


def needs_struct(settings: Sequence[Setting]) -> bool:
    """Whether the lines use `struct`."""
    return any(setting.option.kind == "linger" for setting in settings)


def opener(target: Target, local: Target | None, settings: Sequence[Setting]) -> str:
    """A function `opened()`: a connected socket, options and address set before; a connected one stays the caller's."""
    is_unix = target.scheme == "unix"
    if is_unix:
        family, place = "socket.AF_UNIX", repr(target.path)
        head = f"    connection = socket.socket({family})\n"
    else:
        head = (
            f"    family, kind, _, _, address = socket.getaddrinfo(\n"
            f"        {target.host!r}, {target.port}, type=socket.SOCK_STREAM\n"
            f"    )[0]\n"
            f"    connection = socket.socket(family, kind)\n"
        )
        place = "address"
    is_v6 = ":" in target.host
    bind = f"    connection.bind(({local.host!r}, {local.port or 0}))\n" if local is not None else ""
    return (
        f"def opened():\n{head}    connection.settimeout(30)\n"
        f"{settings_lines(settings, 'connection', '    ', is_v6=is_v6)}{bind}"
        f"    connection.connect({place})\n    return connection\n"
    )


def _arguments(setting: Setting, *, is_v6: bool) -> str:
    option = setting.option
    level, prefix = _LEVELS[int(option.level)]
    constant = prefix + option.name
    if is_v6 and option.v6 is not None:
        level, constant = "IPPROTO_IPV6", _V6_NAMES[option.name]
    if option.kind == "linger":
        value = f'struct.pack("ii", {int(setting.value is not None)}, {setting.value or 0})'
    else:
        value = str(setting.value or 0)
    return f"socket.{level}, socket.{constant}, {value}"
