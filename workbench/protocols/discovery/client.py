"""Carrying a plan out: sockets for the group, questions at their times, a growing list of peers, a goodbye at the end.

Contract. Nothing goes by another interface than the plan's, and nothing leaves this machine unless somebody agreed.
Between two datagrams to the group lie GAP_S, whatever comes, but for the goodbye. What others send is read as long as
the plan says; a datagram that can't be read is written down and costs nothing else. However it ends, by its time, by
cancelling or by a failure, the goodbye is said, every group is left, and every socket closed.
"""

import asyncio
import itertools
import math
import random
from collections import deque
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

from workbench.errors import LocalMisuse, PeerMisbehaved, TooSlow, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target
from workbench.jobs.job import current_job
from workbench.protocols.discovery.herald import Herald, herald_for
from workbench.protocols.discovery.machine import Finder, finder_for
from workbench.protocols.discovery.reach import Place, check_agreement, place_of
from workbench.protocols.discovery.values import GAP_S, HOPS, MOST_TIMES, Found, Oddity, Peer, Plan
from workbench.transcript.recorder import Transcript
from workbench.wire.addresses import Address
from workbench.wire.datagram import Datagram, open_datagram
from workbench.wire.dial import TargetResolver
from workbench.wire.options import parse_setting

MAX_ODDITIES: Final = 200
MAX_SAID: Final = 64
"""Of our own datagrams so many are known again when the group gives them back."""
TELL_S: Final = 0.1
AGE_S: Final = 1.0
"""At least so often the list is told anew: what is not heard again grows old."""
FAREWELL_S: Final = 1.0
BREATH_S: Final = 0.01

Told = Callable[[Found], object]


async def carry_out(
    plan: Plan, transcript: Transcript, *, resolver: TargetResolver | None = None, tell: Told | None = None
) -> Found:
    """Search, announce or discover, as the plan says.

    Args:
        tell: told what was found so far, ten times a second at most.

    Raises: LocalMisuse before anything is sent; what open_datagram raises. That nobody is there is no failure here: see
        require_somebody.
    """
    times = _checked(plan)
    async with AsyncExitStack() as stack:
        run = await _prepare(plan, transcript, resolver, stack)
        try:
            return await run.to_end(times, tell)
        finally:
            await run.farewell()


def require_somebody(found: Found, plan: Plan) -> None:
    """Raises: TooSlow: nobody was found by a search."""
    if plan.preset == "search" and not found.peers:
        raise TooSlow(
            f"nobody in the group {found.group} answered within {duration_s(plan.for_s or 0)}",
            stage="receive",
            committed="maybe",
            advice="nobody may be there, or speaks another language, or the interface is another one; "
            "lab:mdns and lab:ssdp answer on loopback",
        )


def _checked(plan: Plan) -> tuple[float, ...]:
    if not plan.times or len(plan.times) > MOST_TIMES:
        raise LocalMisuse(f"from 1 to {MOST_TIMES} times can be given")
    times = tuple(sorted(plan.times))
    if times[0] < 0 or any(later - earlier < GAP_S for earlier, later in itertools.pairwise(times)):
        raise LocalMisuse(
            f"times count from 0, and lie at least {GAP_S:g} s apart",
            advice="what is sent to a group costs everybody in it a moment",
        )
    return times


async def place_for(
    plan: Plan, transcript: Transcript, resolver: TargetResolver | None
) -> tuple[Place, Target]:
    """Where the plan's group is. Raises: LocalMisuse: it is none, or this would leave the machine; as resolver."""
    target = plan.target
    if target.is_lab and resolver is not None:
        target = await resolver(target)
    if target.port is None:
        raise LocalMisuse(f"{plan.target} has no port", advice="write GROUP:PORT, like 239.255.1.1:5007")
    place = place_of(target.host, target.port, plan.interface)
    check_agreement(place, agreed=plan.agreed)
    return place, target._replace(scheme="udp", text="")


async def _prepare(
    plan: Plan, transcript: Transcript, resolver: TargetResolver | None, stack: AsyncExitStack
) -> "_Run":
    place, _ = await place_for(plan, transcript, resolver)
    number = random.getrandbits(16)
    herald = herald_for(plan, place.own, place.text, place.port) if plan.preset == "announce" else None
    finder = None if herald is not None else finder_for(plan, place.text, place.port, number)
    member = asker = None
    if plan.preset != "search":
        member = await _open_member(plan, place, transcript)
        stack.push_async_callback(_leave, member, place)
    if member is None or plan.language != "mdns":
        # mDNS speaks and hears on one port; the others are asked from a port of our own.
        asker = await stack.enter_async_context(await _open_asker(plan, place, transcript))
    return _Run(plan, place, herald, finder, member, asker)


async def _open_member(plan: Plan, place: Place, transcript: Transcript) -> Datagram:
    """A socket that hears the group. It is bound to the group's own address: what is sent to us alone is not meant."""
    at = place.group if ":" not in place.group else "::"
    member = await open_datagram(
        transcript,
        local=Target("udp", at, place.port),
        title=f"group {place.text}",
        settings=(parse_setting("REUSEADDR=1"), parse_setting(f"MULTICAST_TTL={HOPS[plan.language]}")),
    )
    try:
        member.membership.join(place.group, place.interface)
        member.membership.send_by(place.interface)
    except BaseException:
        await member.aclose()
        raise
    member.know(_address(place))
    return member


async def _leave(member: Datagram, place: Place) -> None:
    try:
        member.membership.leave(place.group, place.interface)
    except WorkbenchError:
        # The interface is gone, and the group with it.
        pass
    finally:
        await member.aclose()


async def _open_asker(plan: Plan, place: Place, transcript: Transcript) -> Datagram:
    """A socket with a port of its own: answers come to it alone."""
    asker = await open_datagram(
        transcript,
        remote=Target("udp", place.group, place.port),
        local=None if ":" in place.group else Target("udp", place.own, 0),
        title=f"{plan.preset} {place.text}",
        settings=(parse_setting(f"MULTICAST_TTL={HOPS[plan.language]}"),),
        hears_all=True,
    )
    try:
        asker.membership.send_by(place.interface)
    except BaseException:
        await asker.aclose()
        raise
    return asker


def _address(place: Place) -> Address:
    sockaddr = (place.group, place.port, 0, 0) if ":" in place.group else (place.group, place.port)
    return Address(place.family, sockaddr)


class _Run:
    """One plan while it goes on."""

    def __init__(
        self,
        plan: Plan,
        place: Place,
        herald: Herald | None,
        finder: Finder | None,
        member: Datagram | None,
        asker: Datagram | None,
    ) -> None:
        self._plan = plan
        self._place = place
        self._herald = herald
        self._finder = finder
        self._member = member
        self._asker = asker
        self._speaker = asker or member
        self._loop = asyncio.get_running_loop()
        self._begun = self._loop.time()
        self._news = asyncio.Event()
        self._said: deque[bytes] = deque(maxlen=MAX_SAID)
        self._waiting: deque[bytes] = deque(maxlen=MAX_SAID)
        self._oddities: list[Oddity] = []
        self._states: dict[str, str] = {}
        self._sent = self._heard = self._own = 0
        self._last_said_s = -GAP_S
        self._may_follow = False

    @property
    def _now_s(self) -> float:
        return self._loop.time() - self._begun

    async def to_end(self, times: tuple[float, ...], tell: Told | None) -> Found:
        """Until the plan's time is over, or for ever."""
        sockets = [one for one in (self._member, self._asker) if one is not None]
        readers = [asyncio.create_task(self._read(one), name="discovery/read") for one in sockets]
        for reader in readers:
            reader.add_done_callback(lambda _task: self._news.set())
        try:
            await self._schedule(deque(times), tell, readers)
        finally:
            for reader in readers:
                reader.cancel()
            await asyncio.gather(*readers, return_exceptions=True)
        found = self._found()
        if tell is not None:
            tell(found)
        return found

    async def _schedule(
        self, times: deque[float], tell: Told | None, readers: list["asyncio.Task[None]"]
    ) -> None:
        end_s = math.inf if self._plan.for_s is None else self._plan.for_s
        told_s = -AGE_S
        is_new = True
        while (now_s := self._now_s) < end_s:
            for reader in readers:
                if reader.done():
                    reader.result()
            if times and now_s >= times[0]:
                times.popleft()
                self._waiting.extend(self._due(now_s))
            if now_s - self._last_said_s >= GAP_S:
                await self._say_one(now_s)
            if now_s - told_s >= (TELL_S if is_new else AGE_S):
                told_s, is_new, self._may_follow = now_s, False, True
                if tell is not None:
                    tell(self._found())
            wakes = [end_s, told_s + (TELL_S if is_new else AGE_S), *tuple(times)[:1]]
            if self._waiting or self._may_follow:
                wakes.append(self._last_said_s + GAP_S)
            is_new = await self._woken(min(wakes)) or is_new

    async def _woken(self, until_s: float) -> bool:
        """Wait for news, or for the moment; whether there are any."""
        # A moment at least: what comes in it is taken together.
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout_at(self._begun + until_s):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        self._may_follow = True
        return True

    def _due(self, now_s: float) -> tuple[bytes, ...]:
        if self._herald is not None:
            return self._herald.announce()
        assert self._finder is not None
        return self._finder.ask(now_s)

    async def _say_one(self, now_s: float) -> None:
        self._may_follow = False
        if not self._waiting and self._finder is not None:
            self._waiting.extend(self._finder.follow(now_s))
        if self._waiting:
            await self._say(self._waiting.popleft())

    async def _say(self, data: bytes) -> None:
        assert self._speaker is not None
        self._said.append(data)
        self._last_said_s = self._now_s
        await self._speaker.send(data, _address(self._place).text, timeout_s=FAREWELL_S)
        self._sent += 1

    async def _read(self, datagram: Datagram) -> None:
        to_us = datagram is self._asker
        job = current_job()
        while True:
            try:
                received = await datagram.receive()
            except WorkbenchError:
                # News of somebody who is gone; a real fault would repeat at once, so take a breath.
                await asyncio.sleep(BREATH_S)
                continue
            if received.data in self._said and not to_us:
                self._own += 1
                continue
            self._heard += 1
            if job is not None:
                job.progress(stage="receive", done=self._heard)
            if self._herald is not None:
                await self._answer(datagram, received.data, received.source)
            else:
                self._take(received.data, received.source, datagram, to_us=to_us)
            self._news.set()

    async def _answer(self, datagram: Datagram, data: bytes, source: str) -> None:
        assert self._herald is not None
        for reply in self._herald.answer(data, source):
            if not reply.alone:
                if reply.data not in self._waiting:
                    self._waiting.append(reply.data)
                continue
            speaker = self._asker or datagram
            host, _, port = source.rpartition(":")
            speaker.know(Address(self._place.family, (host.strip("[]"), int(port))))
            await speaker.send(reply.data, source)
            self._sent += 1

    def _take(self, data: bytes, source: str, datagram: Datagram, *, to_us: bool) -> None:
        assert self._finder is not None
        try:
            odd = self._finder.receive(data, source, self._now_s, to_us=to_us)
            rule = ""
        except PeerMisbehaved as error:
            odd, rule = error.what, error.source
        if odd and len(self._oddities) < MAX_ODDITIES:
            self._oddities.append(Oddity(source, odd, rule, data[:64]))
            datagram.channel_of(source).fact("discovery.odd", source=source, sentence=odd, rule=rule)

    def _found(self) -> Found:
        now_s = self._now_s
        peers = self._finder.peers(now_s) if self._finder is not None else ()
        self._record(peers)
        return Found(
            peers,
            tuple(self._oddities),
            now_s,
            self._sent,
            self._heard,
            self._own,
            self._speaker.address if self._speaker is not None else "",
            self._place.text,
            self._place.group if self._member is not None else "",
        )

    def _record(self, peers: tuple[Peer, ...]) -> None:
        """Write down who came and who went."""
        channel = (self._member or self._asker or self._speaker).channel  # type: ignore[union-attr]  # one is there
        for peer in peers:
            if self._states.get(peer.key) != peer.state:
                self._states[peer.key] = peer.state
                name = "discovery.found" if peer.state == "here" else "discovery.left"
                channel.fact(name, peer=peer.name, kind=peer.kind, source=peer.source, state=peer.state)

    async def farewell(self) -> None:
        """Say goodbye, where somebody announced; nothing is waited for."""
        if self._herald is None or not self._plan.goodbye or not self._sent:
            return
        try:
            async with asyncio.timeout(FAREWELL_S):
                for data in self._herald.goodbye():
                    await self._say(data)
        except (WorkbenchError, TimeoutError):
            # Nobody is owed it: what was announced runs out by itself.
            return
