"""Mailboxes of the Lab's server, and of one that does what no server should.

Also what it stands on: workbench.protocols.imap.control and workbench.protocols.imap.entrance.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.lab.houses import serving
from tests.protocols.scripted_mail import (
    CLOSE,
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
from workbench.lab.services.mail.house import MANY, MANY_LETTERS, house
from workbench.lab.services.mail.letters import samples
from workbench.protocols.imap import control
from workbench.protocols.imap.client import ImapSession, open_imap
from workbench.protocols.sasl.values import Login, Security
from workbench.transcript.recorder import Transcript
from workbench.transcript.redact import shown


def session_at(port: int, **wishes: Any) -> contextlib.AbstractAsyncContextManager[ImapSession]:
    return session_of(open_imap, Target("imap", "localhost", port), **wishes)


# ---- the Lab


@pytest.mark.parametrize(
    ("security", "switches", "secured"),
    [
        ("auto", {}, "starttls"),
        ("starttls", {"tls": "required"}, "starttls"),
        ("tls", {"tls": "implicit"}, "tls"),
        ("plain", {}, "plain"),
        ("plain", {"mechanisms": ""}, "plain"),
        ("plain", {"mechanisms": "LOGIN"}, "plain"),
    ],
)
async def test_folders_lists_and_letters(security: Security, switches: dict[str, object], secured: str):
    async with serving("imap", **switches) as served, session_at(served.port, security=security) as session:
        assert (session.secured, session.user) == (secured, "anna")
        folders = {folder.name: folder for folder in await session.folders()}
        assert {"INBOX", "Entwürfe", "Archive/2004", MANY} <= set(folders)
        assert folders["Entwürfe"].raw == b"Entw&APw-rfe"
        mailbox = await session.examine("INBOX")
        assert mailbox.exists >= len(samples())
        assert (mailbox.read_only, mailbox.permanent_flags) == (True, ())
        first, second = await session.summaries(1, 2)
        assert (first.seq, first.uid, first.flags, first.size) == (1, 1, ("\\Seen",), len(samples()[0].raw))
        assert first.date == "2026-03-01T12:30:00+00:00"
        assert second.header.startswith(b"From: The harbour office")
        assert await session.letter(2) == samples()[1].raw
        assert (await session.examine("Entwürfe")).exists == 0
        assert await session.summaries(1, 50) == ()


async def test_octet_by_octet_it_is_the_same():
    async with serving("imap", one_byte=True, mechanisms="") as served, session_at(served.port) as session:
        assert (await session.examine("Archive/2004")).exists == 1
        assert (await session.summaries(1, 1))[0].uid == 1


async def test_reading_marks_nothing_as_seen():
    async with serving("imap") as served, session_at(served.port) as session:
        await session.examine("INBOX")
        before = await session.summaries(1, 13)
        for one in before:
            await session.letter(one.uid)
        assert await session.summaries(1, 13) == before
        unseen = [one for one in before if "\\Seen" not in one.flags]
        assert unseen


async def test_ten_thousand_letters_are_read_in_windows():
    async with serving("imap") as served, session_at(served.port) as session:
        mailbox = await session.examine(MANY)
        assert mailbox.exists == MANY_LETTERS
        window = await session.summaries(MANY_LETTERS - 49, MANY_LETTERS + 100)
        assert [one.seq for one in window] == list(range(MANY_LETTERS - 49, MANY_LETTERS + 1))
        assert [one.uid for one in window] == [one.seq for one in window]
        assert await session.uid_of(77) == 77
        assert b"number 77\r\n" in await session.letter(77)
        session.mailbox = mailbox._replace(exists=10**6)
        with pytest.raises(LocalMisuse):
            await session.summaries(1, 10**6)


async def test_what_arrives_is_heard_without_being_asked_for():
    async with serving("imap") as served, session_at(served.port) as session:
        mailbox = await session.examine("Sent")
        house().accounts["anna"].folders["Sent"].add(b"Subject: new\r\n\r\nx\r\n")
        async with asyncio.timeout(60):
            while (await session.refresh()).exists == mailbox.exists:
                pass
        (new,) = await session.summaries(mailbox.exists + 1, mailbox.exists + 1)
        assert new.header == b"Subject: new\r\n\r\n"


async def test_a_letter_that_vanishes_while_a_list_comes_shifts_the_others():
    async with serving("imap", lie="vanishing") as served, session_at(served.port) as session:
        before = (await session.examine("INBOX")).exists
        window = await session.summaries(1, 5)
        assert session.mailbox is not None
        assert session.mailbox.exists == before - 1
        assert [one.seq for one in window] == sorted(one.seq for one in window)


async def test_letters_and_folders_that_are_not_there():
    async with serving("imap") as served, session_at(served.port) as session:
        with pytest.raises(LocalMisuse, match="no folder is open"):
            await session.letter(1)
        with pytest.raises(Refused) as caught:
            await session.examine("Nowhere")
        assert caught.value.stage == "folder"
        await session.examine("INBOX")
        with pytest.raises(Refused, match="no letter has the UID 99999"):
            await session.letter(99_999)
        with pytest.raises(Refused, match="there is no letter 99999"):
            await session.uid_of(99_999)
        assert await session.letter(1) == samples()[0].raw


@pytest.mark.parametrize(
    ("switches", "security", "kind", "stage"),
    [
        ({"tls": "none"}, "auto", Refused, "tls"),
        ({"tls": "hidden"}, "starttls", Refused, "tls"),
        ({"tls": "required"}, "plain", Refused, "login"),
        ({"certificate": "self-signed"}, "auto", Untrusted, "tls"),
    ],
)
async def test_no_password_is_said_where_the_protection_is_missing(
    switches: dict[str, object], security: Security, kind: type[WorkbenchError], stage: str
):
    async with serving("imap", **switches) as served:
        with recorded() as transcript:
            with pytest.raises(kind) as caught:
                async with session_at(served.port, security=security, transcript=transcript):
                    pass
            assert caught.value.stage == stage
            assert b" LOGIN " not in said(transcript)
            assert b"AUTHENTICATE" not in said(transcript)


@pytest.mark.parametrize("mechanisms", ["PLAIN", "LOGIN", "CRAM-MD5", ""])
async def test_a_wrong_password_is_refused_and_masked(mechanisms: str):
    async with serving("imap", mechanisms=mechanisms) as served:
        with recorded() as transcript:
            with pytest.raises(Refused) as caught:
                async with session_at(served.port, login=Login("anna", "swordfish"), transcript=transcript):
                    pass
            assert caught.value.stage == "login"
            text = b"".join(
                shown(transcript, event) for event in transcript.events() if event.kind == "bytes"
            )
            for spelled in (b"swordfish", b"c3dvcmRmaXNo", b"AGFubmEAc3dvcmRmaXNo"):
                assert spelled not in text


# ---- a script


def tagged(answer: bytes) -> Answer:
    """An answer in which {tag} is the tag of the line."""

    def made(_server: Scripted, line: bytes) -> bytes:
        return answer.replace(b"{tag}", line.split(b" ")[0])

    return made


HONEST: dict[str, Answer] = {
    "CAPABILITY": tagged(b"* CAPABILITY IMAP4rev1\r\n{tag} OK\r\n"),
    "LOGIN": tagged(b"{tag} OK in\r\n"),
    "EXAMINE": tagged(b"* 3 EXISTS\r\n{tag} OK [READ-ONLY] open\r\n"),
    "LOGOUT": tagged(b"* BYE\r\n{tag} OK\r\n"),
    "LIST": tagged(b"{tag} OK\r\n"),
}


def script(greeting: Answer = b"* OK hi\r\n", **answers: Answer) -> Scripted:
    def verb_of(line: bytes) -> str:
        words = line.split(b" ")
        return words[1].decode("latin-1").upper() if len(words) > 1 else "?"

    made = {verb: tagged(answer) if isinstance(answer, bytes) else answer for verb, answer in answers.items()}
    return Scripted(greeting, HONEST | made, verb_of=verb_of, other=tagged(b"{tag} BAD what?\r\n"))


async def open_folder(session: ImapSession) -> object:
    return await session.examine("INBOX")


async def read_list(session: ImapSession) -> object:
    await session.examine("INBOX")
    return await session.summaries(1, 3)


async def read_letter(session: ImapSession) -> object:
    await session.examine("INBOX")
    return await session.letter(5)


Act = Callable[[ImapSession], object]


@pytest.mark.parametrize(
    ("server", "act", "kind", "stage"),
    [
        (script(b"* BYE go away\r\n"), open_folder, Refused, "greeting"),
        (script(b"220 smtp\r\n"), open_folder, PeerMisbehaved, "greeting"),
        (script(SILENCE), open_folder, TooSlow, "greeting"),
        (script(CLOSE), open_folder, LinkLost, "greeting"),
        (script(b"* OK " + b"x" * (1 << 21)), open_folder, PeerMisbehaved, "greeting"),
        (script(LOGIN=b"{tag} NO [AUTHENTICATIONFAILED] no\r\n"), open_folder, Refused, "login"),
        (script(LOGIN=SILENCE), open_folder, TooSlow, "login"),
        (script(LOGIN=b"* BYE shutting down\r\n"), open_folder, TooSlow, "login"),
        (script(LOGIN=b"+ more\r\n"), open_folder, PeerMisbehaved, "login"),
        (script(EXAMINE=CLOSE), open_folder, LinkLost, "folder"),
        (script(EXAMINE=b"{tag} BAD what?\r\n"), open_folder, Refused, "folder"),
        (script(FETCH=b"* 1 FETCH (UID 1 BODY[HEADER] {99999999}\r\n"), read_list, PeerMisbehaved, "list"),
        (script(FETCH=b"* 1 FETCH (UID 1"), read_list, TooSlow, "list"),
        (script(UID=b"* 1 FETCH (UID 5 BODY[] {4294967295}\r\nx"), read_letter, PeerMisbehaved, "letter"),
        (script(UID=b"* 1 FETCH (UID 5 BODY[] {100}\r\nhalf of it"), read_letter, TooSlow, "letter"),
        (
            script(UID=b"* 1 FETCH (UID 5 BODY[] NIL)\r\n{tag} OK [EXPUNGEISSUED] gone\r\n"),
            read_letter,
            Refused,
            "letter",
        ),
        (script(UID=b"* 1 FETCH (UID 6 BODY[] {1}\r\nx)\r\n{tag} OK\r\n"), read_letter, Refused, "letter"),
        (script(UID=b"* 1 FETCH (FLAGS (\\Seen))\r\n{tag} OK\r\n"), read_letter, Refused, "letter"),
    ],
)
async def test_every_way_to_break_has_its_stage(
    server: Scripted, act: Callable[[ImapSession], object], kind: type[WorkbenchError], stage: str
):
    # Whoever is to give up has a short time; whoever is to see something else has one that a busy machine keeps.
    timeout_s = 0.5 if kind is TooSlow else 10.0
    loop = asyncio.get_running_loop()
    async with scripted(server):
        before = loop.time()
        with pytest.raises(kind) as caught:
            async with session_at(server.port, login=Login("a", "b"), timeout_s=timeout_s) as session:
                await act(session)  # type: ignore[misc]
        assert loop.time() - before < 8
    assert caught.value.stage == stage


@pytest.mark.covers("C12.31")
async def test_the_letter_is_found_among_strangers_in_any_order():
    answer = (
        b"* 2 FETCH (FLAGS (\\Seen))\r\n* 4 EXISTS\r\n* 1 FETCH (BODY[] {5}\r\nhello UID 5 FLAGS ())\r\n"
        b"* 9 FETCH (UID 9 BODY[] {3}\r\nbad)\r\n{tag} OK\r\n"
    )
    server = script(UID=answer)
    seen: list[tuple[int, int | None]] = []
    async with scripted(server), session_at(server.port, login=Login("a", "b")) as session:
        await session.examine("INBOX")
        assert await session.letter(5, lambda *now: seen.append(now)) == b"hello"
        assert session.mailbox is not None
        assert session.mailbox.exists == 4
    assert (5, 5) in seen
    assert server.said[-1].endswith(b"LOGOUT")


@pytest.mark.covers("C12.64")
async def test_a_farewell_in_the_middle_is_told_with_its_words():
    def leave(_server: Scripted, _line: bytes) -> bytes:
        _server.answers["NOOP"] = CLOSE
        asyncio.get_running_loop().call_later(0.05, _server.close)
        return b"* BYE maintenance\r\n"

    server = script(EXAMINE=leave)
    async with scripted(server):
        with pytest.raises(LinkLost) as caught:
            async with session_at(server.port, login=Login("a", "b")) as session:
                await session.examine("INBOX")
    assert "maintenance" in caught.value.reply


async def test_preauth_is_no_way_around_tls():
    server = script(b"* PREAUTH welcome\r\n")
    async with scripted(server):
        with pytest.raises(Refused, match="PREAUTH"):
            async with session_at(server.port, security="auto"):
                pass
        async with session_at(server.port, security="plain") as session:
            assert session.user == ""
            await session.examine("INBOX")
    assert not any(b"LOGIN" in line for line in server.said)


async def test_what_was_said_before_the_handshake_is_thrown_away_and_named():
    lists = {False: b"IMAP4rev1 STARTTLS AUTH=PLAIN", True: b"IMAP4rev1 LOGINDISABLED"}
    server = script(
        CAPABILITY=lambda server, line: (
            b"* CAPABILITY %b\r\n%b OK\r\n" % (lists[server.under_tls], line.split()[0])
        ),
        STARTTLS=b"{tag} OK go\r\n* CAPABILITY IMAP4rev1\r\n",
    )
    async with scripted(server):
        with recorded() as transcript:
            with pytest.raises(Refused, match="LOGINDISABLED"):
                async with session_at(server.port, security="starttls", transcript=transcript):
                    pass
            (thrown,) = [event for event in transcript.events() if event.name == "tls.discarded"]
            assert bytes.fromhex(str(thrown.values["hex"])) == b"* CAPABILITY IMAP4rev1\r\n"


async def test_a_flood_of_responses_ends(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(control, "MAX_UNTAGGED", 5000)

    def flood(_server: Scripted, line: bytes) -> bytes:
        return b"* 1 RECENT\r\n" * 6000 + line.split()[0] + b" OK\r\n"

    server = script(LIST=flood)
    async with scripted(server):
        with pytest.raises(PeerMisbehaved, match="does not end within"):
            async with session_at(server.port, login=Login("a", "b")) as session:
                await session.folders()


async def test_after_a_cancelled_letter_the_session_goes_on():
    transcript = Transcript()
    async with (
        serving("imap", delay_ms=10) as served,
        session_at(served.port, transcript=transcript) as session,
    ):
        large = house().accounts["anna"].folders["Archive"].add(b"Subject: large\r\n\r\n" + b"x" * 1_200_000)
        await session.examine("Archive")
        task = asyncio.create_task(session.letter(large.uid))
        async with asyncio.timeout(60):
            while session.control.machine.pending is None:  # noqa: ASYNC110
                await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()
        await session.examine("INBOX")
        assert await session.letter(1) == samples()[0].raw
    assert [event.values["command"] for event in transcript.events() if event.name == "imap.settled"] == [
        "UID FETCH"
    ]
    transcript.close()


async def test_a_server_that_never_ends_what_was_given_up_is_left():
    server = script(UID=b"* 1 FETCH (UID 5 BODY[] {100}\r\nhalf of it")
    async with scripted(server), session_at(server.port, login=Login("a", "b"), timeout_s=0.5) as session:
        await session.examine("INBOX")
        with pytest.raises(TooSlow):
            await session.letter(5)
        with pytest.raises(LinkLost, match="never said how UID FETCH ended"):
            await session.examine("INBOX")
        assert not session.is_open


@pytest.mark.parametrize("text", ["a\r\nA9 DELETE INBOX", "a\nb", "a\0"])
async def test_names_that_would_be_commands_are_refused_and_nothing_is_sent(text: str):
    server = script()
    async with scripted(server):
        async with session_at(server.port, login=Login("a", "b")) as session:
            count = len(server.said)
            with pytest.raises(LocalMisuse):
                await session.examine(text)
            assert len(server.said) == count
        with pytest.raises(LocalMisuse):
            async with session_at(server.port, login=Login(text, "b")):
                pass


async def test_a_login_beyond_ascii_goes_by_literal():
    server = script(LOGIN=b"+ go\r\n")
    server.other = lambda server, line: b"+ go\r\n" if line.endswith(b"}") else b"A2 OK in\r\n"
    async with scripted(server), session_at(server.port, login=Login("änna", "pß")) as session:
        assert session.user == "änna"
    assert server.said[1:4] == [b"A2 LOGIN {5}", "änna {3}".encode(), "pß".encode()]


@pytest.mark.parametrize("octets", [0, 1, 20, 90, 140, 200, 300, 500, 800, 1200])
async def test_a_connection_that_is_cut_at_any_octet_ends_with_its_stage(octets: int):
    async def use(port: int) -> None:
        async with session_at(port, timeout_s=10) as session:
            await session.folders()
            await session.examine("INBOX")
            await session.summaries(1, 13)

    async with serving("imap", cut_after=octets, mechanisms="PLAIN") as served:
        with pytest.raises(LinkLost) as caught:
            await use(served.port)
    assert caught.value.stage in ("greeting", "login", "folders", "folder", "list")
