"""A session as a script of the standard library: what was said, to whom, and how the socket was prepared. No Qt."""

from collections.abc import Callable
from functools import partial

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.panels.sockets.state import Peer, SessionState
from workbench.protocols.raw.code import Recipe, python
from workbench.protocols.raw.code_asyncio import asyncio_script
from workbench.protocols.raw.code_commands import ncat, openssl, socat
from workbench.protocols.raw.code_tls import TlsRecipe
from workbench.protocols.raw.protection import Protection, TlsForm
from workbench.protocols.raw.serve import Reply
from workbench.protocols.raw.values import Way
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.tls.values import LAYER

Writer = Callable[[Recipe], str]
"""Makes a text of a conversation. Raises: LocalMisuse: that program can't say it."""

WRITERS: tuple[tuple[str, Writer], ...] = (
    ("Python", python),
    ("Python (asyncio)", asyncio_script),
    ("ncat", ncat),
    ("socat", socat),
    ("openssl s_client", openssl),
)
"""What a session can be copied as."""

MAX_COPIED = 256 * 1024
"""Octets of payloads that a copied script repeats; a larger conversation is no script that a person reads."""


def copies(copy_as: Callable[[Writer], str]) -> tuple[tuple[str, Callable[[], str]], ...]:
    """Titles, and what makes the texts; making one may raise WorkbenchError."""
    return tuple((title, partial(copy_as, write)) for title, write in WRITERS)


def script(
    state: SessionState,
    transcript: Transcript,
    reply: Callable[[], Reply],
    way: Way,
    protection: Protection | None,
    write: Writer = python,
) -> str:
    """The session as a script.

    Args:
        reply: what a listener answers. way, protection: of the last opening. write: in which language.

    Raises: LocalMisuse: nothing was opened yet; through a proxy; with a key that only the Lab has; too much was sent.
    """
    form = state.form
    is_listener = form.role == "listener"
    place = state.address if is_listener else state.peers[0].address if state.peers else ""
    if not place:
        raise LocalMisuse("nothing was opened yet: there is no address to copy", stage="copy")
    if way.proxy is not None:
        raise LocalMisuse(
            "this conversation went through a proxy: the standard library has nothing that speaks to one",
            stage="copy",
            advice="connect without the proxy and copy that",
        )
    said = _Said(transcript, state.peer)
    if is_listener and said.clear:
        raise LocalMisuse(
            "TLS began in the middle of this conversation: a script that listens can't know when",
            stage="copy",
            advice="tick TLS before listening and copy that",
        )
    is_secure = protection is not None and (said.is_secure or (is_listener and form.tls.is_on))
    return write(
        Recipe(
            parse_target(place, listening=is_listener),
            form.transport,
            sends=said.sends,
            finish=said.finished,
            listen=is_listener,
            reply=reply(),
            note=f"{form.transport.upper()} {form.role}, copied from Network Workbench ({form.target}).",
            tls=_tls(form.tls, protection) if is_secure and protection is not None else None,
            clear=said.clear,
            local=way.local,
            settings=way.settings,
        )
    )


class _Said:
    """Payloads of one peer as they were sent: plaintext, not the records around it.

    clear: what was said before TLS began, None where something was awaited. sends: the rest.
    """

    def __init__(self, transcript: Transcript, peer: Peer | None) -> None:
        self.clear: list[bytes | None] = []
        self.sends: list[bytes] = []
        self.finished = self.is_secure = False
        said: list[bytes | None] = []
        size = 0
        for event in transcript.events():
            if peer is None or event.channel != peer.channel:
                continue
            if event.kind == "fact":
                self.finished = self.finished or event.name in ("finish.sent", "tls.finished")
                if event.name == "tls.started":
                    self.is_secure, self.clear, said = True, said, []
                continue
            if event.layer == "proxy" or (self.is_secure and event.layer != LAYER):
                continue
            if event.direction is Direction.RECEIVED:
                if said[-1:] != [None]:
                    said.append(None)
                continue
            size += event.size
            if size > MAX_COPIED:
                raise LocalMisuse(
                    f"more than {MAX_COPIED // 1024} KiB were sent: too much for a script", stage="copy"
                )
            said.append(transcript.data(event))
        self.sends = [data for data in said if data is not None]


def _tls(form: TlsForm, protection: Protection) -> TlsRecipe:
    options = protection.options
    if form.identity == "lab":
        raise LocalMisuse(
            "the key of the Lab's certificate stays in the Lab: a script could not use it",
            stage="copy",
            advice="choose a certificate and key in files, connect again and copy that",
        )
    return TlsRecipe(
        options.server_name,
        options.sni != "",
        options.alpn,
        options.min_version,
        options.max_version,
        "" if form.trust == "file" else options.trust.certificates.decode("ascii", "replace"),
        form.trust_file if form.trust == "file" else "",
        options.untrusted == "stop",
        form.certificate if form.identity == "file" else "",
        form.key if form.identity == "file" else "",
        options.ask_client,
    )
