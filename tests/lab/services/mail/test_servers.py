"""The three mail servers of the Lab, asked by the standard library's clients.

Their parts: workbench.lab.services.mail.smtp, workbench.lab.services.mail.imap, workbench.lab.services.mail.pop,
workbench.lab.services.mail.imap_mailbox, workbench.lab.services.mail.transport, workbench.lab.services.mail.portal,
workbench.lab.services.mail.service and workbench.lab.services.mail.library.
"""

import contextlib
import imaplib
import json
import poplib
import smtplib
import ssl
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.houses import SOON_S, Served, client_of, serving, until
from workbench.jobs.offload import in_thread
from workbench.lab.address import service_address_from_dict
from workbench.lab.authority import lab_authority
from workbench.lab.services.mail.house import house
from workbench.lab.services.mail.letters import samples

LETTER = b"Subject: stdlib\r\n\r\n.dot\r\n"


def context() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=lab_authority().certificate.decode())


def account(served: Served) -> tuple[str, str]:
    return served.figures.address.accounts[0]  # type: ignore[no-any-return]


@contextlib.contextmanager
def smtp_at(served: Served) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP(served.host, served.port, timeout=SOON_S) as smtp:
        yield smtp


@contextlib.contextmanager
def imap_at(served: Served, *, tls: bool = True) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4(served.host, served.port, timeout=SOON_S) as imap:
        if tls:
            imap.starttls(context())
        imap.login(*account(served))
        yield imap


# ---- SMTP


async def test_what_smtplib_sends_imaplib_and_poplib_read():
    def send(served: Served) -> dict[str, Any]:
        with smtp_at(served) as smtp:
            smtp.starttls(context=context())
            smtp.login(*account(served))
            return smtp.sendmail("x@y.test", ["anna@lab.test", "nobody@lab.test"], LETTER)

    def by_imap(served: Served) -> bytes:
        with imap_at(served) as imap:
            count = imap.select("INBOX", readonly=True)[1][0]
            assert count is not None
            return imap.fetch(count.decode(), "(BODY.PEEK[])")[1][0][1]  # type: ignore[index,return-value]

    def by_pop(served: Served) -> bytes:
        pop = poplib.POP3(served.host, served.port, timeout=SOON_S)
        pop.stls(context())
        pop.user(account(served)[0])
        pop.pass_(account(served)[1])
        lines = pop.retr(len(pop.list()[1]))[1]
        pop.quit()
        return b"".join(line + b"\r\n" for line in lines)

    async with serving("smtp") as smtp, serving("imap") as imap, serving("pop") as pop:
        refused = await in_thread(send, smtp)
        assert refused == {"nobody@lab.test": (550, b"5.1.1 nobody of that name is here")}
        letter = await in_thread(by_imap, imap)
        assert letter == await in_thread(by_pop, pop)
    assert letter.endswith(LETTER)
    assert letter.startswith(
        b"Return-Path: <x@y.test>\r\nReceived: from [127.0.0.1] by lab.test with ESMTPSA"
    )


@pytest.mark.parametrize(
    ("switches", "commands", "reply"),
    [
        ({}, "MAIL FROM:<a@b>", "503 5.5.1"),
        ({}, "EHLO x|RCPT TO:<a@b>", "503 5.5.1"),
        ({}, "EHLO x|MAIL FROM:<a@b>|DATA", "503 5.5.1"),
        ({}, "EHLO x|MAIL FROM:a@b", "501 5.5.4"),
        ({}, "EHLO x|MAIL FROM:<a@b> SIZE=99999999999", "552 5.3.4"),
        ({"size": 1000}, "EHLO x|MAIL FROM:<a@b> SIZE=1001", "552 5.3.4"),
        ({}, "EHLO x|AUTH", "501 5.5.4"),
        ({}, "EHLO x|AUTH XYZZY", "504 5.0.0"),
        ({}, "EHLO x|AUTH PLAIN AHgAeA==", "535 5.7.8"),
        ({}, "VRFY anna", "252 2.5.0"),
        ({}, "XYZZY", "500 5.0.0"),
        ({"tls": "none"}, "EHLO x|STARTTLS", "454 4.0.0"),
        ({"tls": "required"}, "EHLO x|MAIL FROM:<a@b>", "530 5.7.0"),
        ({"tls": "required"}, "EHLO x|AUTH PLAIN AHgAeA==", "538 5.7.11"),
        ({"login": True}, "EHLO x|MAIL FROM:<a@b>", "530 5.7.0"),
        ({"ehlo": False}, "EHLO x", "502 5.5.1"),
        ({"refuse": "*"}, "EHLO x|MAIL FROM:<a@b>|RCPT TO:<anna@lab.test>", "550 5.7.1"),
        ({"greylist": True}, "EHLO x|MAIL FROM:<a@b>|RCPT TO:<anna@lab.test>", "451 4.7.1"),
        ({"lie": "wrong-code"}, "EHLO x|MAIL FROM:<a@b>|RCPT TO:<anna@lab.test>", "354"),
    ],
)
async def test_what_it_says_no_to(switches: dict[str, Any], commands: str, reply: str):
    async with serving("smtp", **switches) as served, client_of(served) as client:
        assert (await client.line()).startswith(b"220 lab.test")
        answer = b""
        for command in commands.split("|"):
            await client.send(f"{command}\r\n".encode())
            answer = await client.line()
            while answer[3:4] == b"-":
                answer = await client.line()
        assert answer.decode().startswith(reply)


async def test_the_list_of_extensions_is_a_switch():
    async def listed(**switches: Any) -> str:
        async with serving("smtp", **switches) as served, client_of(served) as client:
            await client.line()
            await client.send(b"EHLO x\r\n")
            lines = [await client.line()]
            while lines[-1][3:4] == b"-":
                lines.append(await client.line())
            return b"".join(lines).decode()

    whole = await listed(size=77)
    for word in ("SIZE 77", "8BITMIME", "SMTPUTF8", "STARTTLS", "AUTH PLAIN LOGIN CRAM-MD5"):
        assert word in whole
    bare = await listed(**{"8bitmime": False, "smtputf8": False, "tls": "hidden", "mechanisms": "PLAIN"})
    assert "8BITMIME" not in bare
    assert "SMTPUTF8" not in bare
    assert "STARTTLS" not in bare
    assert "AUTH PLAIN\r\n" in bare
    assert "AUTH" not in await listed(tls="required")


async def test_a_letter_of_two_kinds_of_line_ends_is_one_letter():
    """SMTP smuggling: only CRLF.CRLF ends a letter."""
    inbox = house().accounts["anna"].inbox
    before = len(inbox.letters)
    async with serving("smtp") as served, client_of(served) as client:
        await client.line()
        await client.send(b"HELO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<anna@lab.test>\r\nDATA\r\n")
        for _ in range(4):
            await client.line()
        await client.send(b"Subject: one\r\n\r\nx\n.\nMAIL FROM:<evil@b>\n.\r\nstill\r\n.\r\n")
        assert (await client.line()).startswith(b"250 2.0.0 queued")
    assert len(inbox.letters) == before + 1
    assert inbox.letters[-1].raw.endswith(b"x\n.\nMAIL FROM:<evil@b>\n.\r\nstill\r\n")


async def test_what_is_said_before_the_handshake_is_not_heard():
    def talk(served: Served) -> bytes:
        with smtplib.SMTP(served.host, served.port, timeout=SOON_S) as smtp:
            smtp.ehlo()
            assert smtp.sock is not None
            smtp.sock.sendall(b"STARTTLS\r\nMAIL FROM:<evil@b>\r\n")
            assert smtp.getreply()[0] == 220
            smtp.sock = context().wrap_socket(smtp.sock, server_hostname="localhost")
            smtp.file = None
            smtp.ehlo()
            return smtp.docmd("RCPT", "TO:<anna@lab.test>")[1]

    async with serving("smtp") as served:
        assert b"MAIL comes first" in await in_thread(talk, served)


# ---- IMAP


async def test_imaplib_lists_reads_marks_and_deletes():
    def talk(served: Served) -> None:
        with imap_at(served) as imap:
            names = b"".join(line for line in imap.list()[1] if isinstance(line, bytes))
            assert b"Entw&APw-rfe" in names
            assert imap.append("Sent", "(\\Seen)", "", b"Subject: kept\r\n\r\nx\r\n")[0] == "OK"  # type: ignore[arg-type]
            assert imap.select("Sent")[0] == "OK"
            count = len(imap.search(None, "ALL")[1][0].split())
            assert imap.store(str(count), "+FLAGS", "\\Deleted")[0] == "OK"
            assert imap.expunge()[1] == [str(count).encode()]
            assert imap.select("Nowhere")[0] == "NO"
            assert imap.create("New")[0] == "NO"
            imap.select("INBOX")
            assert imap.uid("SEARCH", "SUBJECT", '"ferry"')[1] == [b"1 5"]  # type: ignore[comparison-overlap]
            with pytest.raises(imaplib.IMAP4.error, match="makes no sense"):
                imap.search(None, "XYZZY")
            assert imap.fetch("1", "(BODY[HEADER.FIELDS (SUBJECT)])")[1][0][1] == (  # type: ignore[index]
                b"Subject: The ferry leaves at nine\r\n\r\n"
            )

    async with serving("imap") as served:
        await in_thread(talk, served)


async def test_examine_changes_nothing_and_says_so():
    def talk(served: Served) -> None:
        with imap_at(served) as imap:
            imap.select("INBOX", readonly=True)
            assert imap.response("READ-ONLY")[0] == "READ-ONLY"
            imap.fetch("2", "(BODY[])")
            assert b"\\Seen" not in imap.fetch("2", "(FLAGS)")[1][0]  # type: ignore[operator]
            with pytest.raises(imaplib.IMAP4.error, match="read-only"):
                imap.store("2", "+FLAGS", "\\Seen")

    async with serving("imap") as served:
        await in_thread(talk, served)


@pytest.mark.parametrize(
    ("switches", "has", "has_not"),
    [
        ({}, "STARTTLS AUTH=PLAIN", "LOGINDISABLED"),
        ({"tls": "required"}, "STARTTLS LOGINDISABLED", "AUTH=PLAIN"),
        ({"tls": "none"}, "AUTH=PLAIN", "STARTTLS"),
        ({"tls": "hidden"}, "AUTH=PLAIN", "STARTTLS"),
    ],
)
async def test_what_imap_can_do_is_a_switch(switches: dict[str, Any], has: str, has_not: str):
    async with serving("imap", **switches) as served, client_of(served) as client:
        greeting = (await client.line()).decode()
        assert all(word in greeting for word in has.split())
        assert has_not not in greeting
        await client.send(b"a LOGIN anna x\r\n")
        assert (await client.line()).startswith(b"a BAD" if "LOGINDISABLED" in has else b"a NO")


async def test_the_huge_literal_is_announced_and_never_sent():
    async with serving("imap", lie="huge-literal", mechanisms="") as served, client_of(served) as client:
        await client.line()
        user, password = account(served)
        for command in (f"a LOGIN {user} {password}", "b EXAMINE INBOX"):
            await client.send(f"{command}\r\n".encode())
            while not (await client.line()).startswith(command[:1].encode() + b" OK"):
                pass
        await client.send(b"c FETCH 1 BODY[]\r\n")
        assert (await client.line()).endswith(b"{4294967295}\r\n")


# ---- POP3


async def test_poplib_reads_and_deletes_at_quit():
    box = house().accounts["ben"].inbox
    box.add(b"Subject: to go\r\n\r\n.x\r\n")

    def talk(served: Served) -> tuple[list[bytes], list[bytes]]:
        pop = poplib.POP3(served.host, served.port, timeout=SOON_S)
        pop.apop("ben", served.figures.address.accounts[1][1])
        count = pop.stat()[0]
        lines = pop.retr(count)[1]
        uidl = pop.uidl()[1]
        pop.dele(count)
        assert pop.stat()[0] == count - 1 or pop.list()[1]
        pop.quit()
        return lines, uidl

    before = len(box.letters)
    async with serving("pop", apop=True) as served:
        lines, uidl = await in_thread(talk, served)
    assert lines == [b"Subject: to go", b"", b".x"]
    assert len(uidl) == before
    await until(lambda: len(box.letters) == before - 1)


@pytest.mark.parametrize(
    ("switches", "commands", "reply"),
    [
        ({"tls": "required"}, "USER anna", "-ERR [AUTH]"),
        ({"tls": "none"}, "STLS", "-ERR"),
        ({}, "STLS", "+OK"),
        ({}, "STAT", "-ERR"),
        ({}, "APOP anna 00", "-ERR [AUTH]"),
        ({}, "USER anna|PASS wrong", "-ERR [AUTH]"),
        ({}, "XYZZY", "-ERR"),
    ],
)
async def test_what_pop_says(switches: dict[str, Any], commands: str, reply: str):
    async with serving("pop", **switches) as served, client_of(served) as client:
        await client.line()
        answer = b""
        for command in commands.split("|"):
            await client.send(f"{command}\r\n".encode())
            answer = await client.line()
        assert answer.decode().startswith(reply)


# ---- all three


@pytest.mark.parametrize("name", ["smtp", "imap", "pop"])
async def test_lies_delays_and_cuts_are_switches(name: str):
    async with serving(name, lie="garbage") as served, client_of(served) as client:
        assert (await client.line()).startswith(b"\x16\x03\x01")
    async with serving(name, lie="endless") as served, client_of(served) as client:
        assert len(await client.exactly(100_000)) == 100_000
        await client.reset()
    async with serving(name, cut_after=5) as served, client_of(served) as client:
        assert len(await client.rest()) == 5


@pytest.mark.parametrize(("name", "answer"), [("smtp", b"500"), ("imap", b"* BAD"), ("pop", b"-ERR")])
@pytest.mark.parametrize("line", [b"\xff\xfe \x00\x01", b"", b"\x16\x03\x01 \xff"])
async def test_what_is_no_command_is_answered_and_the_conversation_goes_on(
    name: str, answer: bytes, line: bytes, capfd: pytest.CaptureFixture[str]
):
    async with serving(name) as served, client_of(served) as client:
        await client.line()
        for _ in range(2):
            await client.send(line + b"\r\n")
            assert b"BAD" in (told := await client.line()) or told.startswith(answer)
        assert served.figures.clients == 1
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("name", ["smtp", "imap", "pop"])
async def test_a_client_that_vanishes_is_forgotten(name: str):
    async with serving(name) as served:
        async with client_of(served) as client:
            await client.line()
            assert served.figures.clients == 1
            await client.reset()
        await until(lambda: served.figures.clients == 0)


async def test_the_accounts_are_told_to_whoever_asks_and_are_the_same_for_all():
    async with serving("smtp") as smtp, serving("imap") as imap, serving("pop") as pop:
        told = {served.figures.address.accounts for served in (smtp, imap, pop)}
        assert told == {house().logins}
        address = smtp.figures.address
        assert (
            service_address_from_dict(json.loads(json.dumps(address.as_dict()))).accounts == address.accounts
        )


def test_twisted_is_imported_without_its_reactor_and_nothing_is_left_of_the_stand_in():
    code = (
        "import sys; from workbench.lab.services.mail import library;"
        "assert 'twisted.internet.reactor' not in sys.modules;"
        "import twisted.internet; assert not hasattr(twisted.internet, 'reactor');"
        "from twisted.internet import asyncioreactor; asyncioreactor.install()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


async def test_the_letters_are_those_of_the_folder():
    async with serving("pop") as served, client_of(served) as client:
        await client.line()
        user, password = account(served)
        for command in (f"USER {user}", f"PASS {password}", "LIST 1"):
            await client.send(f"{command}\r\n".encode())
            answer = await client.line()
        assert answer == b"+OK 1 %d\r\n" % len(samples()[0].raw)
