"""A letter is submitted to the Lab's server, and to one that does what no server should.

Also what it stands on: workbench.protocols.smtp.control, workbench.protocols.smtp.session and
workbench.protocols.sasl.security.
"""

import asyncio
import base64

import pytest

from tests.lab.houses import serving
from tests.protocols.scripted_mail import (
    CLOSE,
    RESET,
    SILENCE,
    Answer,
    Scripted,
    lab_trust,
    recorded,
    said,
    scripted,
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
from workbench.protocols.sasl.values import Login, Security
from workbench.protocols.smtp.client import submit
from workbench.protocols.smtp.values import Envelope, Recipient, Submission
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.transcript.redact import shown

LETTER = b"From: ben@lab.test\nSubject: hello\n\n.dot\nlast"
ANNA = Envelope("ben@lab.test", ("anna@lab.test",))


async def send(
    port: int,
    *,
    envelope: Envelope = ANNA,
    letter: bytes = LETTER,
    transcript: Transcript | None = None,
    login: Login | None = None,
    security: Security = "plain",
    timeout_s: float = 10.0,
    **more: object,
) -> Submission:
    recorded = Transcript() if transcript is None else transcript
    try:
        return await submit(
            envelope,
            letter,
            Target("smtp", "localhost", port),
            recorded,
            login=login,
            security=security,
            trust=lab_trust(),
            timeout_s=timeout_s,
            **more,  # type: ignore[arg-type]
        )
    finally:
        if transcript is None:
            recorded.close()


def ben() -> Login:
    return Login("ben", house().accounts["ben"].password)


# ---- the Lab


@pytest.mark.parametrize(
    ("security", "switches", "secured"),
    [
        ("auto", {}, "starttls"),
        ("starttls", {}, "starttls"),
        ("tls", {"tls": "implicit"}, "tls"),
        ("plain", {}, "plain"),
        ("plain", {"mechanisms": "CRAM-MD5"}, "plain"),
        ("starttls", {"mechanisms": "LOGIN"}, "starttls"),
    ],
)
async def test_what_is_sent_lies_in_the_mailbox(
    security: Security, switches: dict[str, object], secured: str
):
    async with serving("smtp", **switches) as served:
        done = await send(served.port, security=security, login=ben())
    assert (done.verdict, done.secured, done.user) == ("all", secured, "ben")
    assert done.reply.startswith("250 2.0.0 queued as LAB")
    assert done.reply.endswith(done.queue_id)
    raw = house().accounts["anna"].inbox.letters[-1].raw
    assert raw.endswith(b"From: ben@lab.test\r\nSubject: hello\r\n\r\n.dot\r\nlast\r\n")
    assert (done.letter.stuffed, done.letter.ends, done.letter.unended) == (1, 4, True)


async def test_each_recipient_has_a_reply_and_some_may_get_it():
    told: list[Recipient] = []
    wanted = ("nobody@lab.test", "anna@lab.test", "x@elsewhere.test")
    async with serving("smtp", refuse="ben@lab.test") as served:
        done = await send(
            served.port, envelope=Envelope("", (*wanted, "ben@lab.test")), on_recipient=told.append
        )
        nobody = await send(served.port, envelope=Envelope("", ("nobody@lab.test",)))
    assert tuple(told) == done.recipients
    assert [one.code for one in told] == [550, 250, 554, 550]
    assert [one.reply[4:9] for one in told] == ["5.1.1", "2.1.5", "5.7.1", "5.7.1"]
    assert (done.verdict, done.accepted) == ("some", True)
    assert (nobody.verdict, nobody.accepted) == ("none", False)


async def test_a_greylisted_recipient_is_taken_the_second_time():
    async with serving("smtp", greylist=True) as served:
        first, second = await send(served.port), await send(served.port)
    assert (first.recipients[0].code, first.verdict) == (451, "none")
    assert second.verdict == "all"


@pytest.mark.parametrize(
    ("switches", "letter", "refused"),
    [
        ({"size": 40}, LETTER, "SIZE 40"),
        ({"8bitmime": False}, "a: b\n\nü".encode(), "8BITMIME"),
        ({"smtputf8": False}, "a: ü\n\nx".encode(), "SMTPUTF8"),
    ],
)
async def test_what_the_server_can_not_take_is_not_sent(
    switches: dict[str, object], letter: bytes, refused: str
):
    async with serving("smtp", **switches) as served:
        with recorded() as transcript:
            with pytest.raises(Refused) as caught:
                await send(served.port, letter=letter, transcript=transcript)
            assert refused in caught.value.what + caught.value.reply
            assert b"MAIL FROM" not in said(transcript)
        assert caught.value.committed == "no"


async def test_addresses_beyond_ascii_need_smtputf8():
    envelope = Envelope("ben@lab.test", ("änne@lab.test", "anna@lab.test"))
    async with serving("smtp", smtputf8=False) as served:
        done = await send(served.port, envelope=envelope)
        assert (done.recipients[0].code, done.verdict) == (0, "some")
    async with serving("smtp") as served:
        with recorded() as transcript:
            done = await send(served.port, envelope=envelope, transcript=transcript)
            assert done.recipients[0].code == 550
            assert "RCPT TO:<änne@lab.test>".encode() in said(transcript)
            assert b"BODY=8BITMIME SMTPUTF8" in said(transcript)


@pytest.mark.parametrize(
    ("after_dot", "kind", "committed"),
    [("drop", LinkLost, "maybe"), ("reset", LinkLost, "maybe"), ("silent", TooSlow, "maybe")],
)
async def test_a_reply_that_never_comes_after_the_dot_is_a_maybe(
    after_dot: str, kind: type[WorkbenchError], committed: str
):
    before = len(house().accounts["anna"].inbox.letters)
    async with serving("smtp", after_dot=after_dot) as served:
        with pytest.raises(kind) as caught:
            await send(served.port, timeout_s=0.5 if kind is TooSlow else 10.0)
    assert (caught.value.stage, caught.value.committed) == ("letter", committed)
    assert "may be on its way" in caught.value.advice
    # And in truth it was taken.
    assert len(house().accounts["anna"].inbox.letters) == before + 1


async def test_a_letter_that_is_refused_at_its_end_is_nobodys():
    async with serving("smtp", after_dot="refuse") as served:
        done = await send(served.port)
    assert (done.verdict, done.accepted, done.reply[:9]) == ("none", False, "554 5.6.0")
    assert done.recipients[0].accepted


async def test_a_server_without_extensions_is_greeted_by_helo():
    async with serving("smtp", ehlo=False) as served:
        with recorded() as transcript:
            done = await send(served.port, transcript=transcript)
            assert [event.name for event in transcript.events() if event.name == "smtp.helo"]
        assert done.verdict == "all"
        with pytest.raises(Refused, match="offers no TLS"):
            await send(served.port, security="starttls")


@pytest.mark.covers("C10.28")
async def test_a_wrong_password_is_said_once_and_masked():
    async with serving("smtp") as served:
        with recorded() as transcript:
            with pytest.raises(Refused) as caught:
                await send(
                    served.port, login=Login("ben", "swordfish"), transcript=transcript, security="auto"
                )
            assert (caught.value.stage, caught.value.reply[:9]) == ("login", "535 5.7.8")
            parts = [shown(transcript, event) for event in transcript.events() if event.kind == "bytes"]
            text = b"".join(parts)
            assert sum(part.startswith(b"AUTH ") for part in parts) == 1
            assert base64.b64encode(b"\0ben\0swordfish") not in text
            assert b"swordfish" not in text


# ---- TLS that is not there, or not to be trusted


@pytest.mark.covers("C10.26")
@pytest.mark.parametrize(
    ("switches", "security", "logs_in", "kind"),
    [
        ({"tls": "none"}, "starttls", False, Refused),
        ({"tls": "hidden"}, "starttls", False, Refused),
        ({"tls": "none"}, "auto", True, Refused),
        ({"certificate": "expired"}, "auto", True, Untrusted),
        ({"certificate": "wrong-name"}, "starttls", False, Untrusted),
        ({"certificate": "self-signed"}, "auto", False, Untrusted),
        ({}, "tls", False, WorkbenchError),
    ],
)
async def test_nothing_is_said_where_the_protection_is_missing(
    switches: dict[str, object], security: Security, logs_in: bool, kind: type[WorkbenchError]
):
    async with serving("smtp", **switches) as served:
        with recorded() as transcript:
            with pytest.raises(kind) as caught:
                await send(
                    served.port,
                    security=security,
                    login=ben() if logs_in else None,
                    transcript=transcript,
                    timeout_s=10,
                )
            assert caught.value.stage == "tls"
            assert b"AUTH " not in said(transcript).replace(b"250-AUTH ", b"").replace(b"250 AUTH ", b"")
            assert b"MAIL FROM" not in said(transcript)


async def test_without_a_login_auto_goes_on_in_clear_and_says_so():
    async with serving("smtp", tls="none") as served:
        with recorded() as transcript:
            done = await send(served.port, security="auto", transcript=transcript)
            assert [event for event in transcript.events() if event.name == "smtp.clear"]
    assert (done.verdict, done.secured) == ("all", "plain")


# ---- a script


OK = b"250 ok\r\n"
HONEST: dict[str, Answer] = {
    "EHLO": b"250-hi\r\n250 8BITMIME\r\n",
    "MAIL": OK,
    "RCPT": OK,
    "DATA": lambda server, _line: (setattr(server, "in_letter", True), b"354 go\r\n")[1],
    "LETTER": SILENCE,
    ".": b"250 queued as 1234\r\n",
    "QUIT": b"221 bye\r\n",
    "RSET": OK,
}


def script(greeting: Answer = b"220 ready\r\n", **answers: Answer) -> Scripted:
    named = {("." if name == "dot" else name): answer for name, answer in answers.items()}
    return Scripted(
        greeting, HONEST | named, verb_of=lambda line: line.split(b" ")[0].decode("latin-1").upper()
    )


@pytest.mark.parametrize(
    ("server", "kind", "stage", "committed"),
    [
        (script(b"554 not you\r\n"), Refused, "greeting", "no"),
        (script(b"421 busy\r\n"), LinkLost, "greeting", "no"),
        (script(b"SSH-2.0-x\r\n"), PeerMisbehaved, "greeting", "no"),
        (script(SILENCE), TooSlow, "greeting", "no"),
        (script(CLOSE), LinkLost, "greeting", "no"),
        (script(b"2" * 20_000), PeerMisbehaved, "greeting", "no"),
        (script(b"220-x\r\n" * 300), PeerMisbehaved, "greeting", "no"),
        (script(EHLO=b"250-a\r\n550 b\r\n"), PeerMisbehaved, "greeting", "no"),
        (script(MAIL=b"550 5.7.1 no\r\n"), Refused, "envelope", "no"),
        (script(MAIL=CLOSE), LinkLost, "envelope", "no"),
        (script(RCPT=b"354 go on\r\n"), PeerMisbehaved, "envelope", "no"),
        (script(RCPT=b"250 ok\r\n250 and more\r\n"), PeerMisbehaved, "letter", "no"),
        (script(DATA=b"250 have it\r\n"), PeerMisbehaved, "letter", "no"),
        (script(DATA=RESET), LinkLost, "letter", "no"),
        (script(dot=CLOSE), LinkLost, "letter", "maybe"),
        (script(dot=SILENCE), TooSlow, "letter", "maybe"),
        (script(dot=b"354 more\r\n"), PeerMisbehaved, "letter", "maybe"),
        (script(dot=b"garbage\r\n"), PeerMisbehaved, "letter", "maybe"),
        (script(dot=b"25"), TooSlow, "letter", "maybe"),
    ],
)
async def test_every_way_to_break_has_its_stage_and_says_whether_the_letter_may_be_out(
    server: Scripted, kind: type[WorkbenchError], stage: str, committed: str
):
    loop = asyncio.get_running_loop()
    async with scripted(server):
        before = loop.time()
        with pytest.raises(kind) as caught:
            # Whoever is to see something else than the end of its time has one that a busy machine keeps.
            await send(server.port, timeout_s=0.5 if kind is TooSlow else 10.0)
        assert loop.time() - before < 8
    assert (caught.value.stage, caught.value.committed) == (stage, committed)


async def test_a_no_to_the_letter_while_it_is_on_its_way_is_heard():
    def early(server: Scripted, _line: bytes) -> bytes:
        server.in_letter = False
        server.answers["SUBJECT:"] = CLOSE
        return b"354 go\r\n552 5.3.4 too large\r\n"

    server = script(DATA=early)
    async with scripted(server):
        done = await send(server.port, letter=b"Subject: x\r\n\r\n" + b"x" * 70 + b"\r\n", timeout_s=10)
    assert (done.accepted, done.reply) == (False, "552 5.3.4 too large")


@pytest.mark.covers("C10.31")
async def test_some_may_get_it_and_where_nobody_does_the_letter_is_not_sent():
    replies = {b"ok": OK, b"bad": b"550 5.1.1 no\r\n", b"grey": b"451 4.7.1 later\r\n"}
    server = script(RCPT=lambda _server, line: replies[line.split(b"<")[1].split(b"@")[0]])
    async with scripted(server):
        done = await send(server.port, envelope=Envelope("", ("ok@x.test", "bad@x.test", "grey@x.test")))
        assert [one.code for one in done.recipients] == [250, 550, 451]
        assert (done.verdict, done.queue_id) == ("some", "1234")
        server.said.clear()
        done = await send(server.port, envelope=Envelope("", ("bad@x.test",)))
    assert (done.verdict, done.recipients[0].reply) == ("none", "550 5.1.1 no")
    # The connection goes on, and knows of no letter any more.
    assert server.said[-2:] == [b"RSET", b"QUIT"]
    assert b"DATA" not in server.said


@pytest.mark.covers("C10.10", "C10.14")
async def test_the_transcript_is_what_the_server_heard_octet_for_octet():
    server = script(EHLO=b"250-hi\r\n250 AUTH PLAIN\r\n", AUTH=b"235 in\r\n")
    async with scripted(server):
        with recorded() as transcript:
            await send(server.port, transcript=transcript, login=Login("anna", "swordfish"))
            sent = b"".join(
                transcript.data(event)
                for event in transcript.events()
                if event.kind == "bytes" and event.direction is Direction.SENT
            )
            masked = b"".join(
                shown(transcript, event) for event in transcript.events() if event.kind == "bytes"
            )
    assert sent == b"".join(line + b"\r\n" for line in server.said)
    assert b"AUTH PLAIN ********" in masked
    assert b"\r\n..dot\r\nlast\r\n.\r\n" in sent


@pytest.mark.covers("C10.11")
async def test_a_reply_of_eight_lines_in_segments_of_one_octet_is_one_reply():
    async with serving("smtp", one_byte=True, mechanisms="PLAIN") as served:
        done = await send(served.port)
    assert done.verdict == "all"
    lines = b"".join(b"250-line %d\r\n" % at for at in range(7)) + b"250 SIZE 5\r\n"
    server = script(EHLO=lines)
    async with scripted(server):
        with pytest.raises(Refused, match="at most 5"):
            await send(server.port)


async def test_what_was_said_before_the_handshake_is_thrown_away_and_named():
    lists = {False: b"250-hi\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", True: OK}
    server = script(
        EHLO=lambda server, _line: lists[server.under_tls],
        STARTTLS=b"220 go\r\n250-hi\r\n250 AUTH PLAIN\r\n",
    )
    async with scripted(server):
        with recorded() as transcript:
            with pytest.raises(Refused, match="offers no login at all"):
                await send(server.port, security="starttls", login=Login("a", "b"), transcript=transcript)
            (thrown,) = [event for event in transcript.events() if event.name == "tls.discarded"]
            assert bytes.fromhex(str(thrown.values["hex"])) == b"250-hi\r\n250 AUTH PLAIN\r\n"
    assert [line for line in server.said if line.startswith(b"EHLO")] == [server.said[0], server.said[2]]


@pytest.mark.parametrize(
    "envelope",
    [
        Envelope("a@b\r\nRCPT TO:<c@d>", ("a@b",)),
        Envelope("", ("a@b>\r\nDATA",)),
        Envelope("", ("a\0@b",)),
        Envelope("", ()),
        Envelope("", ("",)),
    ],
)
async def test_envelopes_that_would_be_commands_are_refused_before_anybody_is_called(envelope: Envelope):
    server = script()
    async with scripted(server):
        with pytest.raises(LocalMisuse):
            await send(server.port, envelope=envelope)
        with pytest.raises(LocalMisuse, match="NUL"):
            await send(server.port, letter=b"a: b\r\n\r\n\0")
        with pytest.raises(LocalMisuse):
            await send(server.port, login=Login("a\r\nQUIT", "b"))
    assert server.said == []


async def test_a_cancelled_submission_leaves_nothing():
    server = script(DATA=SILENCE)
    async with scripted(server):
        with recorded() as transcript:
            task = asyncio.create_task(send(server.port, transcript=transcript))
            async with asyncio.timeout(60):
                while b"DATA" not in server.said:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
            assert [event for event in transcript.events() if event.name == "close"]


async def test_large_letters_pass_whole_and_tell_how_far_they_are():
    letter = b"Subject: large\r\n\r\n" + (b"x" * 70 + b"\r\n") * 30_000
    seen: list[tuple[int, int | None]] = []
    async with serving("smtp") as served:
        done = await send(served.port, letter=letter, progress=lambda *now: seen.append(now))
    assert done.verdict == "all"
    assert seen[-1] == (len(letter), len(letter))
    assert len(seen) > 10
    assert house().accounts["anna"].inbox.letters[-1].raw.endswith(letter)


@pytest.mark.parametrize("octets", [0, 1, 3, 41, 43, 60, 130, 200, 240])
async def test_a_connection_that_is_cut_at_any_octet_ends_with_its_stage(octets: int):
    async with serving("smtp", cut_after=octets, mechanisms="PLAIN") as served:
        with pytest.raises(LinkLost) as caught:
            await send(served.port, login=ben(), timeout_s=10)
    assert caught.value.stage in ("greeting", "login", "envelope", "letter")
    assert caught.value.committed == ("maybe" if "the letter" in caught.value.what else "no")
