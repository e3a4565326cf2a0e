"""Looking at a server: connect, a handshake that goes on whatever it finds, the chain, the judgement, and goodbye."""

import asyncio
import time
from collections.abc import Callable

from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, Refused
from workbench.formats.target import Target
from workbench.formats.x509.certificate import read_certificate
from workbench.jobs.offload import in_thread
from workbench.protocols.certificates.chain import marks
from workbench.protocols.certificates.judge import judge_handshake
from workbench.protocols.certificates.values import Inspection, Store
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver, dial
from workbench.wire.tls.handshake import start_tls
from workbench.wire.tls.setup import client_setup
from workbench.wire.tls.stream import TlsStream
from workbench.wire.tls.values import TlsOptions

GOODBYE_S = 0.25
"""What comes behind the handshake (tickets, a greeting, the peer's goodbye) is waited for so long and no longer: closed
over it, the connection would end by a reset, and stand in the server's log as a fault."""
MAX_GOODBYE = 256 * 1024


async def inspect(
    target: Target,
    transcript: Transcript,
    store: Store,
    *,
    name: str,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Callable[[str], None] | None = None,
) -> Inspection:
    """Look at a server's certificates; nothing but the handshake is said.

    Args:
        store: by whom it is judged. name: expected, and sent as SNI where it is no address; "" for none.
        timeout_s: for all of it. report: told the stage: "resolve", "connect", "tls".

    Raises: what dial() and start_tls() raise, but for Untrusted: that is the judgement. LocalMisuse: UDP has no TLS.
    """
    if target.scheme in ("udp", "dtls"):
        raise LocalMisuse("certificates are shown over a stream, and UDP has none", advice="leave udp:// out")
    # In a thread: the store of a whole system takes 20 ms to read.
    setup = await in_thread(client_setup, TlsOptions(server_name=name, trust=store.trust, untrusted="show"))
    deadline = time.monotonic() + timeout_s
    stream = await dial(target, transcript, resolver=resolver, timeout_s=timeout_s, report=report)
    try:
        if report is not None:
            report("tls")
        address = stream.peer
        secure = await start_tls(stream, setup, timeout_s=max(0.001, deadline - time.monotonic()))
        handshake = secure.handshake
        await _goodbye(secure)
    finally:
        await stream.aclose()
    sent = tuple(read_certificate(each.der) for each in handshake.sent)
    judgement = judge_handshake(handshake, store, name, sent)
    return Inspection(str(target), address, name, handshake, sent, marks(sent), judgement)


async def _goodbye(secure: TlsStream) -> None:
    """Say that nothing follows, hear what the peer still says, close."""
    heard = 0
    try:
        await secure.finish()
        async with asyncio.timeout(GOODBYE_S):
            while heard < MAX_GOODBYE and (data := await secure.read()):
                heard += len(data)
    except (TimeoutError, LinkLost, PeerMisbehaved, Refused):
        # What was to be seen has been seen: how the peer takes the end is on record, and no failure.
        pass
    await secure.aclose()
