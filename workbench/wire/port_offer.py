"""Another port where a server may not listen: offered with the refusal, free, and open to any user."""

import ipaddress
from typing import Final

from workbench.errors import WorkbenchError
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.wire.port_names import port_directory
from workbench.wire.port_ranges import port_ranges, suggest_port

ELSEWHERE: Final = (
    "Linux reads the threshold from net.ipv4.ip_unprivileged_port_start, which an administrator may change. macOS asks "
    "for root below 1024 only where a server takes one address, not all of them. Windows has no such rule."
)
"""What other systems do about low ports."""
_REFUSALS: Final = frozenset({"EACCES", "EPERM", "EADDRINUSE"})


def free_port(host: str) -> int:
    """A free port there, at least 1024. Blocks a moment; on the loop use `offered`.

    Raises: LocalFault: none was found.
    """
    return suggest_port(port_directory(), port_ranges(), _numeric(host))


async def offered(failure: WorkbenchError, target: Target) -> int | None:
    """Add a port that would do to the advice of a refusal to bind, and return it; None where it is another failure."""
    if failure.stage != "bind" or failure.errno_name not in _REFUSALS or target.scheme == "unix":
        return None
    try:
        port = await in_thread(free_port, target.host)
    except (OSError, WorkbenchError):
        # The refusal is what counts; without an offer it is none the less told.
        return None
    failure.advice = f"{failure.advice}; port {port} is free, and open to any user".removeprefix("; ")
    return port


def _numeric(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return "127.0.0.1"
