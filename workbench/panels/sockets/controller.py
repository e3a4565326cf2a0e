"""What a person does in a session: open, send, finish, reset, close. No Qt here.

One job is one session from dialling to its end, so that the status bar lists it, Esc cancels it and closing the panel
ends it. Sending is a job of its own: it may stall while the reading goes on.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from workbench.errors import LocalFault, LocalMisuse, WorkbenchError
from workbench.formats.payload import parse_payload
from workbench.formats.proxy_address import LOGIN_ADVICE
from workbench.formats.target import Target, parse_target
from workbench.jobs.job import current_job
from workbench.jobs.verdict import CLOSED, Verdict, VerdictKind
from workbench.panels.observed import Observed
from workbench.panels.routes import RelayStarter, resolver_by
from workbench.panels.sockets.binding import Agreement, heed
from workbench.panels.sockets.copying import Writer, script
from workbench.panels.sockets.kinds import SESSIONS
from workbench.panels.sockets.look import SocketLook, look_at
from workbench.panels.sockets.patience import leaves, offer_of, read_patience
from workbench.panels.sockets.peers import peer_of
from workbench.panels.sockets.routes import ROUTES
from workbench.panels.sockets.sessions import Session
from workbench.panels.sockets.state import MAX_PEERS_SHOWN, Form, Offer, Peer, ServerFigures, SessionState
from workbench.protocols.raw.field import FieldError
from workbench.protocols.raw.limits import UNLIMITED, Limits, read_limits
from workbench.protocols.raw.link import Link
from workbench.protocols.raw.presets import BY_NAME as PRESETS
from workbench.protocols.raw.protection import Ask, Protection, protection
from workbench.protocols.raw.question import Answer, Retry
from workbench.protocols.raw.serve import Reply
from workbench.protocols.raw.talk import Secure
from workbench.protocols.raw.values import DIRECT, Way
from workbench.protocols.raw.wayform import read_way
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import TargetResolver
from workbench.wire.ends import HalfState
from workbench.wire.options import Value, parse_setting
from workbench.wire.port_offer import offered
from workbench.wire.tls.values import UNTRUSTED_ADVICE, Role

UNRECORDED = "this session's conversation ended when its disk failed: nothing more could be recorded in it"
NOT_AGREED = "nobody has agreed to listen for everybody"
NEW_SESSION = "open a new session (Ctrl+T); what was recorded here can still be exported"


IN_OPTIONS = (LOGIN_ADVICE, UNTRUSTED_ADVICE)
"""What the wire advises and a person does in the sheet of options."""


class SessionController(Observed[SessionState]):
    """One session of the panel.

    Args:
        transcript: where the session records.
        resolver: knows the Lab's names.
        form: what a person had composed before, if anything.
        relay: starts a relay of the Lab; without one every route is straight.
        authority: asks the Lab for its certificates.
        agreement: whether a person has agreed to listen for everybody; the window's.

    Attributes:
        password: of the proxy's user. Not part of the form: it is kept nowhere, and goes with this object.
    """

    def __init__(
        self,
        transcript: Transcript,
        resolver: TargetResolver,
        form: Form | None = None,
        *,
        relay: RelayStarter | None = None,
        authority: Ask | None = None,
        agreement: Agreement | None = None,
    ) -> None:
        self.transcript = transcript
        self.agreement = agreement or Agreement()
        super().__init__(SessionState(form=form or Form()))
        self.resolver = resolver
        self._straight = resolver
        self._relay = relay
        self._authority = authority
        self.password = ""
        self.way: Way = DIRECT
        self.secure: Secure | None = None
        self.limits: Limits = UNLIMITED
        self.retry = Retry()
        self.quiet_s: float | None = None
        self._over: Verdict | None = None
        self._protection: Protection | None = None
        self._live: Session | None = None
        self._running: asyncio.Task[object] | None = None

    # ---- what a person composes

    def compose(self, **fields: object) -> None:
        """Replace fields of the form; the rule of a running listener changes at once."""
        form = replace(self.state.form, **fields)  # type: ignore[arg-type]  # names checked by replace
        self.replace(form=form, mistake=self.state.mistake if form == self.state.form else None)
        if self._live is not None:
            self._live.rule_changed()

    def select(self, channel: int | None) -> None:
        """Choose the peer that sending and ending concern."""
        self.replace(selected=channel)

    # ---- what a person does

    async def open(self, *, leaving: bool = False) -> None:
        """Connect or listen as the form says, and stay until the session has ended.

        Args:
            leaving: a person has agreed that datagrams to everybody leave this machine.

        Raises: WorkbenchError, which is also the state's problem.
        """
        form = self.state.form
        self._over = None
        self.state = SessionState(form=form)
        self.replace(phase="opening", verdict=Verdict("running", "opening", f"{form.target} …"))
        self._running = asyncio.current_task()
        try:
            if self.transcript.fault is not None:
                raise LocalFault(UNRECORDED, stage="transcript", advice=NEW_SESSION)
            listening = form.role == "listener"
            target = parse_target(form.target, listening=listening)
            self.way = read_way(
                form.way,
                self.password,
                role=form.role,
                transport=form.transport,
                is_unix=target.scheme == "unix",
            )
            self.limits = read_limits(form.limits)
            self.retry, self.quiet_s = read_patience(form.udp)
            if heed(form).is_for_all and not self.agreement.is_given:
                raise LocalMisuse(NOT_AGREED, stage="bind", advice="agree to it when you are asked")
            if not leaving and (what := leaves(form, self.way)):
                raise LocalMisuse(what, stage="connect", advice="agree to it when you are asked")
            wants_tls = form.has_tls and form.tls.is_on
            self._protection = await self._protected(target) if wants_tls else None
            self.secure = self._protection.secure if self._protection is not None else None
            proxy = self.way.proxy.target if self.way.proxy is not None else None
            relay = self._relay if form.has_route else None
            self.resolver = resolver_by(ROUTES, form.route, self._straight, relay, proxy)
            await SESSIONS[form.role, form.transport](self).run(target)
        except asyncio.CancelledError:
            if self._running is None or (fault := self.transcript.fault) is None:
                raise
            # Not a person's wish: see _unrecorded.
            self._running.uncancel()
            self._failed(fault)
            raise fault from None
        except WorkbenchError as failure:
            if form.role == "listener" and failure.stage == "bind":
                await offered(failure, parse_target(form.target, listening=True))
            self._failed(failure)
            raise
        finally:
            self._live = self._running = None
            if self.state.phase in ("opening", "open"):
                self._ended()

    async def send(self, data: bytes) -> None:
        """Send octets (or one datagram) to the selected peer.

        Raises: WorkbenchError, which is also the state's problem.
        """
        with self.sending() as (live, channel):
            first = len(self.transcript)
            await live.send(data, channel)
            self.replace(offer=offer_of(self.transcript, first, channel, len(data)))

    async def send_once(self, data: bytes) -> bytes:
        """Offer octets to the system once, and return those that it did not take.

        Raises: as send.
        """
        with self.sending() as (live, channel):
            taken = await live.send_once(data, channel)
            self.replace(offer=Offer(len(data), taken, (taken,), 1, once=True))
            return data[taken:]

    @contextmanager
    def sending(self, doing: str = "") -> Iterator[tuple[Session, int]]:
        """While something is being sent nothing else is; what goes wrong is the state's problem."""
        live, channel = self.ready()
        self.replace(sending=True, problem=None, doing=doing, offer=None)
        try:
            yield live, channel
        except WorkbenchError as failure:
            self.replace(problem=failure)
            self._unrecorded()
            raise
        finally:
            self.replace(sending=False, doing="")

    async def finish(self) -> None:
        """Finish our half towards the selected peer; it may go on sending."""
        live, channel = self.ready()
        await live.finish(channel)

    async def start_tls(self, first: bytes = b"") -> None:
        """Put the connection to the selected peer under TLS, as the form says.

        Args:
            first: sent in clear before: a listener's "go ahead", on which the client's hello follows at once.

        Raises: WorkbenchError, which is also the state's problem, or its mistake.
        """
        live, channel = self.ready()
        self.replace(starting_tls=True, problem=None, mistake=None)
        try:
            await live.start_tls(channel, await self.protect(), first)
        except FieldError as mistake:
            self.replace(mistake=mistake)
            raise
        except WorkbenchError as failure:
            self.replace(problem=failure)
            raise
        finally:
            self.replace(starting_tls=False)

    def abort(self) -> None:
        """Reset the connection to the selected peer."""
        live, channel = self.ready()
        live.abort(channel)

    def dismiss(self) -> None:
        """Forget the failure that is shown."""
        self.replace(problem=None)

    def copy_as_python(self) -> str:
        """The session as a script of the standard library.

        Raises: LocalMisuse when nothing was opened yet, so that there is no address to write down.
        """
        return script(self.state, self.transcript, self.reply, self.way, self._protection)

    def copy_as(self, write: Writer) -> str:
        """As copy_as_python, in another language. Raises: as that, and when it can't be said in it."""
        return script(self.state, self.transcript, self.reply, self.way, self._protection, write)

    # ---- the socket itself

    @property
    def live(self) -> Session | None:
        """What is open now."""
        return self._live

    async def protect(self) -> Secure:
        """What puts a connection under TLS as the form says. Raises: FieldError, WorkbenchError."""
        form = self.state.form
        self._protection = await self._protected(parse_target(form.target, listening=form.role == "listener"))
        return self._protection.secure

    def note(self, **fields: object) -> None:
        """Replace fields of the state; for the deeds of this session."""
        self.replace(**fields)

    def look(self) -> SocketLook | None:
        """What the system tells of the selected peer's socket now; None where there is none."""
        live, channel = self._live, self.state.selected
        endpoint = live.endpoint(channel) if live is not None and channel is not None else None
        return look_at(endpoint) if endpoint is not None else None

    def set_option(self, name: str, text: str) -> Value:
        """Set an option of the selected peer's socket, and return what the system granted.

        Raises: LocalMisuse with the place in `text`: no such value, or not for this socket; LocalFault: not permitted.
        """
        setting = parse_setting(f"{name}={text}")
        live, channel = self.ready()
        endpoint = live.endpoint(channel)
        if endpoint is None or not endpoint.is_open:
            raise LocalMisuse("this connection has ended: its socket is gone", stage="options")
        return endpoint.options.set(name, setting.value)

    # ---- for the sessions below

    def tell(self, stage: str) -> None:
        """A stage was reached: the job and the state say so."""
        job = current_job()
        if job is not None:
            job.progress(stage=stage)
        self.replace(stage=stage)

    def opened(self, live: Session, address: str, sentence: str) -> None:
        """The session is open."""
        self._live = live
        self.tell("open")
        self.replace(phase="open", address=address, verdict=Verdict("good", "open", sentence))

    def peer_is(self, peer: Peer, *, select: bool = False) -> None:
        """A peer appeared or changed."""
        known = {p.channel: p for p in self.state.peers}
        fresh = peer.channel not in known
        known[peer.channel] = peer
        if len(known) > MAX_PEERS_SHOWN:
            gone = next((c for c, p in known.items() if not p.is_open), next(iter(known)))
            del known[gone]
        chosen = self.state.selected
        if select or chosen is None or (fresh and not self._is_open(chosen)):
            chosen = peer.channel
        self.replace(peers=tuple(known.values()), selected=chosen)

    def link_is(self, link: Link, *, closed: bool = False) -> None:
        """The state of a connection, as its stream has it."""
        self.peer_is(peer_of(link, closed=closed))

    def say(self, kind: VerdictKind, word: str, sentence: str) -> None:
        """Replace the verdict."""
        self.replace(verdict=Verdict(kind, word, sentence))

    def over(self, kind: VerdictKind, word: str, sentence: str) -> None:
        """The verdict with which the session will end."""
        self._over = Verdict(kind, word, sentence)

    def answers_are(self, answers: tuple[Answer, ...], count: int, dropped: int = 0) -> None:
        """What a client of UDP has heard."""
        self.replace(answers=answers, answer_count=count, dropped=dropped)

    def figures_are(self, figures: ServerFigures) -> None:
        """What a listener has done."""
        self.replace(figures=figures)

    def complain(self, failure: WorkbenchError) -> None:
        """Show a failure that does not end the session."""
        self.replace(problem=failure)

    def reply(self) -> Reply:
        """What a listener answers, as the form says."""
        form = self.state.form
        if form.reply in PRESETS:
            return Reply("none", preset=form.reply)
        if form.reply != "text":
            return Reply("echo" if form.reply == "echo" else "none")
        return Reply(
            "text", parse_payload(form.reply_text, encoding=form.encoding, line_ending=form.line_ending)
        )

    # ----

    def _unrecorded(self) -> None:
        """Nothing passes unrecorded. A full disk that a sender met ends the session, as one that a reader met does."""
        if self.transcript.fault is not None and self._running is not None:
            self._running.cancel()

    def _is_open(self, channel: int) -> bool:
        return any(peer.channel == channel and peer.is_open for peer in self.state.peers)

    def ready(self) -> tuple[Session, int]:
        """The live session, and whom sending and ending concern. Raises: LocalMisuse: there is none."""
        if self._live is None or self.state.selected is None:
            raise LocalMisuse(self.state.why_not_send or "not connected", stage="send")
        return self._live, self.state.selected

    async def _protected(self, target: Target) -> Protection:
        form = self.state.form
        role: Role = "server" if form.role == "listener" else "client"
        return await protection(form.tls, target, role, self._authority)

    def _failed(self, failure: WorkbenchError) -> None:
        if failure.advice in IN_OPTIONS:
            failure.advice += ", in the options behind ..."
        if isinstance(failure, FieldError):
            # It is told at its field; nothing was sent, and there is nothing to read in the conversation.
            self.replace(phase="idle", mistake=failure, verdict=Verdict())
            return
        self.replace(
            phase="failed", problem=failure, verdict=Verdict("bad", failure.stage or "failed", str(failure))
        )

    def _ended(self) -> None:
        if self._over is not None:
            self.replace(phase="ended", verdict=self._over)
            return
        peer = self.state.peer
        if self.state.form.role == "listener" or peer is None or not peer.end:
            self.replace(phase="ended", verdict=CLOSED)
            return
        kind: VerdictKind = "warning" if peer.receiving is HalfState.RESET else "info"
        self.replace(phase="ended", verdict=Verdict(kind, "ended", peer.end))
