"""A mailbox of the Lab's server, and of one that does what no server should.

Also what it stands on: workbench.protocols.pop.control.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.lab.houses import serving
from tests.protocols.scripted_mail import (
    CLOSE,
    RESET,
    SILENCE,
    Answer,
    Scripted,
    recorded,
    said,
    scripted,
    session_of,
)
from workbench.errors import (
    LinkLost,
    LocalMisuse,
    PeerMisbehaved,
    Refused,
    TooSlow,
    Untrusted,
    WorkbenchError,
)
from workbench.formats.target import Target
from workbench.lab.services.mail.house import house
from workbench.lab.services.mail.letters import samples
from workbench.protocols.pop.client import PopSession, open_pop
from workbench.protocols.pop.values import Entry
from workbench.protocols.sasl.values import Login, Security
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import shown


def session_at(port: int, **wishes: Any) -> contextlib.AbstractAsyncContextManager[PopSession]:
    return session_of(open_pop, Target("pop3", "localhost", port), **wishes)


# ---- the Lab


@pytest.mark.parametrize(
    ("security", "switches", "secured"),
    [
        ("auto", {}, "starttls"),
        ("starttls", {"tls": "required"}, "starttls"),
        ("tls", {"tls": "implicit"}, "tls"),
        ("plain", {}, "plain"),
        ("plain", {"apop": True}, "plain"),
    ],
)
async def test_the_list_beginnings_and_letters(security: Security, switches: dict[str, object], secured: str):
    async with serving("pop", **switches) as served:
        async with session_at(served.port, security=security) as session:
            assert (session.secured, session.user) == (secured, "anna")
            entries = await session.entries()
            assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
            assert len({entry.uid for entry in entries}) == len(entries)
            assert entries[1].size == len(samples()[1].raw)
            assert (await session.top(1)).endswith(b"Content-Transfer-Encoding: 7bit\r\n\r\n")
            assert (await session.top(7, 2)).endswith(b"\r\n\r\n.one dot\r\n..two dots\r\n")
            for number, sample in enumerate(samples(), 1):
                assert (await session.letter(number)).rstrip(b"\r\n") == sample.raw.rstrip(b"\r\n")
            assert await session.letter(7) == samples()[6].raw
        async with session_at(served.port, security=security) as session:
            assert await session.entries() == entries


@pytest.mark.covers("C11.14", "C11.19")
async def test_octets_of_every_kind_and_lines_of_any_length_survive():
    letter = b"Subject: odd\r\n\r\n.dot\r\n" + bytes(range(256)).replace(b"\r", b"").replace(b"\n", b"")
    letter += b"\r\n" + b"x" * 5000 + b"\r\n"
    house().accounts["ben"].inbox.add(letter)
    login = Login("ben", house().accounts["ben"].password)
    async with serving("pop") as served:
        with recorded() as transcript:
            async with session_at(served.port, login=login, transcript=transcript) as session:
                entries = await session.entries()
                assert await session.letter(entries[-1].number) == letter
            assert b"\r\n..dot\r\n" in said(transcript)


async def test_a_server_without_uidl_and_top_is_told():
    async with serving("pop", uidl=False, top=False) as served, session_at(served.port) as session:
        assert {entry.uid for entry in await session.entries()} == {""}
        with pytest.raises(Refused) as caught:
            await session.top(1)
        assert caught.value.stage == "letter"
        with pytest.raises(Refused, match="RETR"):
            await session.letter(999)
        with pytest.raises(LocalMisuse):
            await session.letter(0)


@pytest.mark.parametrize(
    ("switches", "security", "kind", "stage"),
    [
        ({"tls": "none"}, "auto", Refused, "tls"),
        ({"tls": "hidden"}, "starttls", Refused, "tls"),
        ({"tls": "required"}, "plain", Refused, "login"),
        ({"certificate": "unknown-authority"}, "auto", Untrusted, "tls"),
    ],
)
async def test_no_password_is_said_where_the_protection_is_missing(
    switches: dict[str, object], security: Security, kind: type[WorkbenchError], stage: str
):
    async with serving("pop", **switches) as served:
        with recorded() as transcript:
            with pytest.raises(kind) as caught:
                async with session_at(served.port, security=security, transcript=transcript):
                    pass
            assert caught.value.stage == stage
            assert b"PASS " not in said(transcript)


@pytest.mark.parametrize("apop", [False, True])
async def test_a_wrong_password_is_refused_and_masked(apop: bool):
    async with serving("pop", apop=apop) as served:
        with recorded() as transcript:
            with pytest.raises(Refused) as caught:
                async with session_at(served.port, login=Login("anna", "swordfish"), transcript=transcript):
                    pass
            assert (caught.value.stage, caught.value.reply[:11]) == ("login", "-ERR [AUTH]")
            text = b"".join(
                shown(transcript, event) for event in transcript.events() if event.kind == "bytes"
            )
            assert b"swordfish" not in text
            assert (b"APOP anna *****" in text) is apop
            assert (b"PASS *********" in text) is not apop


# ---- a script


HONEST: dict[str, Answer] = {
    "CAPA": b"-ERR what?\r\n",
    "USER": b"+OK\r\n",
    "PASS": b"+OK\r\n",
    "LIST": b"+OK\r\n1 5\r\n3 9\r\n.\r\n",
    "UIDL": b"+OK\r\n1 aa\r\n3 cc\r\n.\r\n",
    "RETR": b"+OK\r\n..x\r\n.\r\n",
    "QUIT": b"+OK\r\n",
}


def script(greeting: Answer = b"+OK hi\r\n", **answers: Answer) -> Scripted:
    return Scripted(
        greeting,
        HONEST | answers,
        verb_of=lambda line: line.split(b" ")[0].decode("latin-1").upper(),
        other=b"-ERR what?\r\n",
    )


async def test_numbers_may_have_gaps():
    server = script()
    seen: list[tuple[int, int | None]] = []
    async with scripted(server), session_at(server.port, login=Login("a", "b")) as session:
        assert await session.entries() == (Entry(1, "aa", 5), Entry(3, "cc", 9))
        assert await session.letter(3, lambda *now: seen.append(now)) == b".x\r\n"
    assert seen[-1] == (4, 9)
    assert server.said[-1] == b"QUIT"


async def read_list(session: PopSession) -> object:
    return await session.entries()


async def read_letter(session: PopSession) -> object:
    return await session.letter(1)


@pytest.mark.parametrize(
    ("server", "act", "kind", "stage"),
    [
        (script(b"-ERR go away\r\n"), read_list, Refused, "greeting"),
        (script(b"220 smtp\r\n"), read_list, PeerMisbehaved, "greeting"),
        (script(SILENCE), read_list, TooSlow, "greeting"),
        (script(CLOSE), read_list, LinkLost, "greeting"),
        (script(b"+OK " + b"x" * 9000), read_list, PeerMisbehaved, "greeting"),
        (script(CAPA=b"+OK\r\nTOP\r\n"), read_list, TooSlow, "greeting"),
        (script(PASS=b"-ERR [IN-USE] later\r\n"), read_list, Refused, "login"),
        (script(PASS=RESET), read_list, LinkLost, "login"),
        (script(LIST=b"+OK\r\nx 5\r\n.\r\n"), read_list, PeerMisbehaved, "list"),
        (script(LIST=b"+OK\r\n1\r\n.\r\n"), read_list, PeerMisbehaved, "list"),
        (script(LIST=b"+OK\r\n1 many\r\n.\r\n"), read_list, PeerMisbehaved, "list"),
        (script(LIST=b"+OK\r\n1 5\r\n"), read_list, TooSlow, "list"),
        (script(RETR=b"+OK\r\nhalf of it"), read_letter, TooSlow, "letter"),
        (script(RETR=b"+OK\r\nx\r\n.\r\n+OK more\r\n"), read_letter, PeerMisbehaved, ""),
    ],
)
async def test_every_way_to_break_has_its_stage(
    server: Scripted, act: Callable[[PopSession], object], kind: type[WorkbenchError], stage: str
):
    # Whoever is to give up has a short time; whoever is to see something else has one that a busy machine keeps.
    timeout_s = 0.5 if kind is TooSlow else 10.0
    loop = asyncio.get_running_loop()
    async with scripted(server):
        before = loop.time()
        if not stage:
            # What comes behind a letter is nobody's answer; the goodbye does not mind.
            async with session_at(server.port, login=Login("a", "b"), timeout_s=timeout_s) as session:
                assert await act(session) == b"x\r\n"  # type: ignore[misc]
            return
        with pytest.raises(kind) as caught:
            async with session_at(server.port, login=Login("a", "b"), timeout_s=timeout_s) as session:
                await act(session)  # type: ignore[misc]
        assert loop.time() - before < 8
    assert caught.value.stage == stage


@pytest.mark.covers("C11.9")
async def test_apop_says_a_digest_and_after_a_no_no_password():
    stamp = "<1896.697170952@dbc.mtview.ca.us>"  # RFC 1939 section 7
    server = script(f"+OK POP3 server ready {stamp}\r\n".encode(), APOP=b"-ERR no\r\n")
    async with scripted(server):
        with pytest.raises(Refused):
            async with session_at(server.port, login=Login("mrose", "tanstaaf")):
                pass
    digest = hashlib.md5(f"{stamp}tanstaaf".encode(), usedforsecurity=False).hexdigest()
    assert digest == "c4c9334bac560ecc979e58001b3e22fb"
    assert server.said == [b"CAPA", f"APOP mrose {digest}".encode()]


async def test_what_was_said_before_the_handshake_is_thrown_away_and_named():
    lists = {False: b"+OK\r\nSTLS\r\nUSER\r\n.\r\n", True: b"+OK\r\nTOP\r\n.\r\n"}
    server = script(
        CAPA=lambda server, _line: lists[server.under_tls], STLS=b"+OK go\r\n+OK\r\nSTLS\r\n.\r\n"
    )
    async with scripted(server):
        with recorded() as transcript:
            async with session_at(
                server.port, login=Login("a", "b"), security="starttls", transcript=transcript
            ) as session:
                assert session.capabilities == ("TOP",)
            (thrown,) = [event for event in transcript.events() if event.name == "tls.discarded"]
            assert bytes.fromhex(str(thrown.values["hex"])) == b"+OK\r\nSTLS\r\n.\r\n"


async def test_after_a_cancelled_letter_the_session_goes_on():
    transcript = Transcript()
    async with (
        serving("pop", delay_ms=50) as served,
        session_at(served.port, transcript=transcript) as session,
    ):
        task = asyncio.create_task(session.letter(3))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        assert await session.letter(7) == samples()[6].raw
    assert [event.values["command"] for event in transcript.events() if event.name == "pop.settled"] == [
        "RETR"
    ]
    transcript.close()


async def test_an_answer_without_end_that_was_given_up_ends_the_session():
    server = script(RETR=b"+OK\r\nhalf of it")
    async with scripted(server), session_at(server.port, login=Login("a", "b"), timeout_s=0.5) as session:
        with pytest.raises(TooSlow):
            await session.letter(1)
        with pytest.raises(LinkLost, match="the rest of RETR did not come"):
            await session.entries()
        assert not session.is_open


@pytest.mark.parametrize("text", ["a\r\nDELE 1", "a\nb", "a\0"])
async def test_logins_that_would_be_commands_are_refused_before_anybody_is_called(text: str):
    server = script()
    async with scripted(server):
        for login in (Login(text, "b"), Login("a", text)):
            with pytest.raises(LocalMisuse):
                async with session_at(server.port, login=login):
                    pass
    assert server.said == []


@pytest.mark.parametrize("octets", [0, 1, 20, 60, 140, 200, 300, 500, 900])
async def test_a_connection_that_is_cut_at_any_octet_ends_with_its_stage(octets: int):
    async def use(port: int) -> None:
        async with session_at(port, timeout_s=10) as session:
            await session.entries()
            await session.letter(2)

    async with serving("pop", cut_after=octets) as served:
        with pytest.raises(LinkLost) as caught:
            await use(served.port)
    assert caught.value.stage in ("greeting", "login", "list", "letter")
