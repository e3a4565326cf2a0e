"""Starting TLS on a stream, also in the middle of a conversation, as client or server (RFC 8446, RFC 5246).

Strategy. OpenSSL is asked to go on, what it wants to say is sent, what it wants to hear is read, until it is done or
refuses. Everything is bounded: by octets, by the deadline. However it ends, a fact says so, with the side to blame;
the stream stays its owner's, who closes it.
"""

import asyncio

from OpenSSL import SSL, crypto
from OpenSSL._util import lib

from workbench.errors import LinkLost, PeerMisbehaved, Refused, TooSlow, Untrusted, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.wire.stream import Stream
from workbench.wire.tls.certificate import certificate_values
from workbench.wire.tls.failure import reason_of, refused_by_alert
from workbench.wire.tls.names import is_named
from workbench.wire.tls.setup import TlsSetup, expect_name, sni_of
from workbench.wire.tls.stream import FEED_AT_MOST, TlsSession, TlsStream, send_records
from workbench.wire.tls.values import UNTRUSTED_ADVICE, Certificate, Handshake, Verdict
from workbench.wire.tls.watch import ADDRESS_MISMATCH, NAME_MISMATCH, Watch

MAX_HANDSHAKE_OCTETS = 512 * 1024
"""From the peer. OpenSSL allows a chain of 100 KiB; ours twice, tickets and all, and it is enough."""
HANDSHAKE_WITHIN_S = 30.0
_RECORD_TYPES = range(20, 25)
_NO_COMMON_GROUND = ("no shared cipher", "unsupported protocol", "no suitable", "no protocols available")


async def start_tls(
    stream: Stream,
    setup: TlsSetup,
    *,
    resume: TlsSession | None = None,
    timeout_s: float = HANDSHAKE_WITHIN_S,
) -> TlsStream:
    """Agree on TLS and return the stream of plaintext; the plain one must not be used any more, but by its owner to
    close it when this fails.

    What had arrived and was not read before is discarded and named ("tls.discarded"): somebody between us and the peer
    may have put it there for us to take as protected (RFC 3207 section 6).

    Args:
        resume: a session of an earlier stream of the same setup; the peer may refuse it, see Handshake.resumed.
        timeout_s: for the whole handshake.

    Raises: Untrusted: the certificate was not accepted; Refused: the peer ended it by an alert, or nothing in common;
        PeerMisbehaved: that was no TLS, or without end; LinkLost; TooSlow. The stage is "tls".
    """
    negotiation = _Negotiation(stream, setup, resume)
    negotiation.begin()
    try:
        async with asyncio.timeout(timeout_s):
            await negotiation.run()
            return negotiation.complete()
    except TimeoutError as error:
        if isinstance(error, WorkbenchError):
            failure: WorkbenchError = error
        else:
            failure = TooSlow(f"the TLS handshake did not end within {duration_s(timeout_s)}", committed="no")
        raise negotiation.failed(failure) from error
    except WorkbenchError as failure:
        raise negotiation.failed(failure) from failure.__cause__


class _Negotiation:
    def __init__(self, stream: Stream, setup: TlsSetup, resume: TlsSession | None) -> None:
        self._stream = stream
        self._setup = setup
        self._options = setup.options
        self._resume = resume
        self._is_client = setup.role == "client"
        self._received = 0
        self._first = b""
        expected = setup.options.server_name if self._is_client else ""
        self._watch = Watch(stream.channel, setup.options, expected=expected)
        self._connection = SSL.Connection(setup.context, None)
        self._connection.set_app_data(self._watch)
        if self._is_client:
            self._be_client()
        else:
            self._be_server()

    def _be_client(self) -> None:
        # VERIFY_PEER in any case: the policy decides what follows, never whether it is looked at.
        self._connection.set_verify(SSL.VERIFY_PEER, self._watch.on_certificate)
        if name := sni_of(self._options):
            self._connection.set_tlsext_host_name(name.encode())
        if self._options.server_name:
            expect_name(self._connection, self._options.server_name)
        if self._resume is not None:
            self._connection.set_session(self._resume.session)
        self._connection.set_connect_state()

    def _be_server(self) -> None:
        mode = {
            "no": SSL.VERIFY_NONE,
            "ask": SSL.VERIFY_PEER,
            "require": SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
        }[self._options.ask_client]
        self._connection.set_verify(mode, self._watch.on_certificate)
        self._connection.set_accept_state()

    def begin(self) -> None:
        """Say that it starts, and throw away what nobody had read."""
        channel, options = self._stream.channel, self._options
        if unread := self._stream.take_buffered():
            channel.fact("tls.discarded", octets=len(unread), hex=unread[:256].hex())
        channel.fact(
            "tls.started",
            role=self._setup.role,
            server_name=options.server_name,
            sni=sni_of(options) if self._is_client else "",
            alpn=list(options.alpn),
            untrusted=options.untrusted,
        )

    async def run(self) -> None:
        """Exchange records until both sides are done."""
        while True:
            try:
                self._connection.do_handshake()
                break
            except SSL.WantReadError:
                await send_records(self._connection, self._stream)
                await self._feed()
            except SSL.Error as error:
                failure = self._failure(error)
                await self._tell_why()
                raise failure from error
        await send_records(self._connection, self._stream)

    async def _feed(self) -> None:
        data = await self._stream.read(FEED_AT_MOST)
        if not data:
            raise self._lost()
        self._first = self._first or data[:256]
        self._received += len(data)
        if self._received > MAX_HANDSHAKE_OCTETS:
            raise PeerMisbehaved(
                f"the TLS handshake went on for more than {MAX_HANDSHAKE_OCTETS:,} octets", data=self._first
            )
        self._connection.bio_write(data)

    async def _tell_why(self) -> None:
        """Send the alert that OpenSSL made; a peer that is gone need not hear it."""
        try:
            await send_records(self._connection, self._stream)
        except (LinkLost, TooSlow):
            return

    def _lost(self) -> WorkbenchError:
        end = self._stream.end
        how = "reset the connection" if end is not None and end.kind == "RST" else "ended the connection"
        symbol = "ECONNRESET" if end is not None and end.kind == "RST" else ""
        when = "after" if self._received else "without an answer, after"
        return LinkLost(
            f"the peer {how} in the middle of the TLS handshake, {when} {self._received} octets of it",
            errno_name=symbol,
            advice="does the peer speak TLS on this port?",
        )

    def _failure(self, error: SSL.Error) -> WorkbenchError:
        watch, reason = self._watch, reason_of(error)
        if (refused := watch.refused) is not None and self._options.untrusted == "stop":
            is_name = refused.code in (NAME_MISMATCH, ADDRESS_MISMATCH)
            return Untrusted(
                _why(refused.depth, refused.subject, refused.sentence),
                advice=UNTRUSTED_ADVICE,
                source="RFC 9525 section 6" if is_name else "RFC 5280 section 6",
            )
        if (alert := watch.fatal_from_peer) is not None:
            return refused_by_alert(alert, "the handshake")
        if "did not return a certificate" in reason:
            return Untrusted("the client showed no certificate, and one is required")
        if any(words in reason for words in _NO_COMMON_GROUND):
            return Refused(f"the two sides have nothing in common: {reason}")
        if self._first and self._first[0] not in _RECORD_TYPES:
            return PeerMisbehaved(
                f"what the peer said is no TLS ({reason})",
                data=self._first,
                advice="this port may be one without TLS, or one where TLS begins later",
                source="RFC 8446 section 5.1",
            )
        return PeerMisbehaved(f"the TLS handshake failed: {reason or type(error).__name__}", data=self._first)

    def failed(self, failure: WorkbenchError) -> WorkbenchError:
        """The same failure, with its stage, and on record."""
        failure.stage = "tls"
        if self._watch.seen:
            self._record_chain()
        index = self._stream.channel.fact("tls.failed", **failure.as_dict())
        failure.transcript_index = index
        return failure

    def _record_chain(self) -> tuple[tuple[Certificate, ...], tuple[Certificate, ...]]:
        """Write down the chain as sent, and as OpenSSL built it; before the end of a handshake, as far as it came."""
        connection = self._connection
        sent = certificate_values(connection.get_peer_cert_chain())
        if not self._is_client and (own := connection.get_peer_certificate()) is not None:
            # To a server OpenSSL gives the chain without the client's own certificate.
            sent = (*certificate_values([own]), *sent)
        # A server whose client is refused is given no chain at all: what was judged of it is known all the same.
        sent = sent or certificate_values(self._watch.judged)
        verified = certificate_values(connection.get_verified_chain())
        self._stream.channel.fact(
            "tls.chain",
            sent=[certificate.as_dict() for certificate in sent],
            verified=[certificate.as_dict() for certificate in verified],
        )
        return sent, verified

    def complete(self) -> TlsStream:
        """What was agreed, on record, and the stream."""
        connection = self._connection
        # pyOpenSSL has no public name for this question.
        resumed = bool(lib.SSL_session_reused(connection._ssl))
        before = self._resume.handshake if resumed and self._resume is not None else None
        sent, verified = (before.sent, before.verified) if before else self._record_chain()
        verdict = self._verdict(resumed, sent, before)
        sni = (
            sni_of(self._options)
            if self._is_client
            else (connection.get_servername() or b"").decode("latin-1")
        )
        handshake = Handshake(
            self._setup.role,
            connection.get_protocol_version_name(),
            connection.get_cipher_name() or "",
            connection.get_cipher_bits() or 0,
            connection.get_group_name() or "",
            connection.get_alpn_proto_negotiated().decode("latin-1"),
            sni,
            resumed,
            sent,
            verified,
            tuple(self._watch.decisions),
            verdict,
        )
        shown = {key: value for key, value in handshake._asdict().items() if key not in _TOLD_APART}
        self._stream.channel.fact("tls.complete", **shown, **verdict._asdict())
        if verdict.trusted is False and self._options.untrusted == "stop":
            raise Untrusted(verdict.reason)
        return TlsStream(self._stream, self._setup, connection, self._watch, handshake)

    def _verdict(self, resumed: bool, sent: tuple[Certificate, ...], before: Handshake | None) -> Verdict:
        expected = self._options.server_name if self._is_client else ""
        if not sent:
            if self._is_client:
                return Verdict(False, "the server showed no certificate", False if expected else None)
            return Verdict(None, "the client showed no certificate")
        if before is not None:
            return before.verdict
        if resumed:
            return self._judged_again(sent, expected)
        refused = self._watch.refused
        if refused is None:
            return Verdict(True, "", self._watch.name_matched)
        why = _why(refused.depth, refused.subject, refused.sentence)
        return Verdict(False, why, self._watch.name_matched)

    def _judged_again(self, sent: tuple[Certificate, ...], expected: str) -> Verdict:
        """A resumed session shows no chain to OpenSSL: what the session remembers is judged by today's trust."""
        named = is_named(expected, sent[0].names) if expected else None
        chain = [crypto.load_certificate(crypto.FILETYPE_ASN1, certificate.der) for certificate in sent]
        store = self._setup.context.get_cert_store()
        if store is None:
            return Verdict(False, "there is nothing to trust", named)
        try:
            crypto.X509StoreContext(store, chain[0], chain[1:]).verify_certificate()
        except crypto.X509StoreContextError as error:
            return Verdict(False, str(error), named)
        return Verdict(named is not False, "" if named is not False else f"it is not for {expected}", named)


_TOLD_APART = frozenset({"sent", "verified", "decisions", "verdict"})
"""Of a handshake: what other facts say."""


def _why(depth: int, subject: str, sentence: str) -> str:
    whose = "the peer's certificate" if depth == 0 else f"certificate {depth} of the chain"
    return f"{whose} ({subject}): {sentence}" if subject else f"{whose}: {sentence}"
