"""Our clients against Dovecot and Postfix; swaks, curl and smtp-source against the Lab.

Both servers run as ordinary children with folders of their own.
"""

import imaplib
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.ports import free_port
from tests.kit.real import find_program
from tests.lab.houses import serving
from tests.protocols.imap.dovecot_server import SOON_S, Dovecot, dovecot, running
from tests.protocols.scripted_mail import lab_trust
from workbench.errors import Refused
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.services.mail.house import house
from workbench.lab.services.mail.letters import generated
from workbench.protocols.imap import code as imap_code
from workbench.protocols.imap.client import ImapSession, open_imap
from workbench.protocols.pop import code as pop_code
from workbench.protocols.pop.client import PopSession, open_pop
from workbench.protocols.sasl.values import Login, Security
from workbench.protocols.smtp import code as smtp_code
from workbench.protocols.smtp.client import submit
from workbench.protocols.smtp.values import Envelope, Submission
from workbench.transcript.recorder import Transcript

MANY = 300
LETTERS = [
    b"From: anna@lab.test\r\nSubject: first\r\nDate: Sun, 01 Mar 2026 12:30:00 +0000\r\n\r\n.dot\r\nbody\r\n",
    b"Subject: second\r\n\r\n" + b"x" * 5000 + b"\r\n",
    "Subject: ü\r\n\r\nGrüße\r\n".encode(),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running_one:
        yield running_one


@pytest.fixture(scope="module")
def filled(server: Dovecot) -> Dovecot:
    """With letters in anna's INBOX, and folders, put there by the standard library."""
    with imaplib.IMAP4("127.0.0.1", server.imap, timeout=SOON_S) as imap:
        imap.login("anna", "secret")
        for letter in LETTERS:
            imap.append("INBOX", "", "", letter)  # type: ignore[arg-type]
        imap.create('"Entw&APw-rfe"')
        imap.create("many")
        for number in range(1, MANY + 1):
            imap.append("many", "(\\Seen)" if number % 2 else "", "", generated(number))  # type: ignore[arg-type]
    return server


def imap_at(port: int, host: str = "127.0.0.1", security: Security = "auto", password: str = "secret"):  # type: ignore[no-untyped-def]
    return open_imap(
        Target("imap", host, port),
        Transcript(),
        login=Login("anna", password),
        security=security,
        trust=lab_trust(),
        timeout_s=SOON_S,
    )


@pytest.mark.real("dovecot", root=True)
@pytest.mark.parametrize("security", ["auto", "tls", "plain"])
async def test_folders_lists_and_letters_of_dovecot(filled: Dovecot, security: Security):
    session: ImapSession
    port = filled.imaps if security == "tls" else filled.imap
    async with await imap_at(port, security=security) as session:
        assert session.secured == {"auto": "starttls", "tls": "tls", "plain": "plain"}[security]
        assert {"INBOX", "Entwürfe", "many"} <= {folder.name for folder in await session.folders()}
        mailbox = await session.examine("INBOX")
        assert (mailbox.exists, mailbox.read_only) == (len(LETTERS), True)
        before = await session.summaries(1, 99)
        assert [one.uid for one in before] == [1, 2, 3]
        assert (
            before[0].header
            == b"From: anna@lab.test\r\nSubject: first\r\nDate: Sun, 01 Mar 2026 12:30:00 +0000\r\n\r\n"
        )
        assert [await session.letter(one.uid) for one in before] == LETTERS
        assert await session.summaries(1, 99) == before
        with pytest.raises(Refused):
            await session.letter(4711)
        assert (await session.examine("Entwürfe")).exists == 0
        await session.examine("many")
        window = await session.summaries(201, 250)
        assert [one.seq for one in window] == list(range(201, 251))
        assert {"\\Seen" in one.flags for one in window} == {True, False}


@pytest.mark.real("dovecot", root=True)
async def test_no_password_where_dovecot_wants_tls_first(filled: Dovecot):
    transcript = Transcript()
    with pytest.raises(Refused, match="LOGINDISABLED"):
        await open_imap(
            Target("imap", "127.0.0.2", filled.imap),
            transcript,
            login=Login("anna", "secret"),
            security="plain",
            timeout_s=SOON_S,
        )
    with pytest.raises(Refused) as caught:
        await open_pop(
            Target("pop3", "127.0.0.2", filled.pop),
            transcript,
            login=Login("anna", "secret"),
            security="plain",
            timeout_s=SOON_S,
        )
    assert "Plaintext authentication disallowed" in caught.value.reply
    assert not any(
        b"secret" in transcript.data(event) for event in transcript.events() if event.kind == "bytes"
    )
    transcript.close()


@pytest.mark.real("dovecot", root=True)
async def test_a_wrong_password_and_a_letter_that_another_client_deletes(filled: Dovecot):
    with pytest.raises(Refused) as caught:
        await imap_at(filled.imap, password="wrong")
    assert (caught.value.stage, "AUTHENTICATIONFAILED" in caught.value.reply) == ("login", True)
    session: ImapSession
    async with await imap_at(filled.imap) as session:
        before = (await session.examine("many")).exists
        (doomed,) = await session.summaries(7, 7)

        def delete() -> None:
            with imaplib.IMAP4("127.0.0.1", filled.imap, timeout=SOON_S) as imap:
                imap.login("anna", "secret")
                imap.select("many")
                imap.store("7", "+FLAGS", "\\Deleted")
                imap.expunge()

        await in_thread(delete)
        assert (await session.refresh()).exists == before - 1
        with pytest.raises(Refused):
            await session.letter(doomed.uid)
        assert (await session.summaries(7, 7))[0].uid == doomed.uid + 1


@pytest.mark.real("dovecot", root=True)
async def test_pop3_of_dovecot_is_the_same_mailbox(filled: Dovecot):
    session: PopSession
    uids = []
    for security in ("auto", "plain"):
        async with await open_pop(
            Target("pop3", "127.0.0.1", filled.pop),
            Transcript(),
            login=Login("anna", "secret"),
            security=security,  # type: ignore[arg-type]
            trust=lab_trust(),
            timeout_s=SOON_S,
        ) as session:
            entries = await session.entries()
            uids.append([entry.uid for entry in entries])
            assert [await session.letter(entry.number) for entry in entries] == LETTERS
            assert await session.top(1, 1) == LETTERS[0].removesuffix(b"body\r\n")
            with pytest.raises(Refused):
                await session.letter(99)
    assert uids[0] == uids[1]


# ---- Postfix


@pytest.fixture(scope="module")
def postfix() -> Iterator[int]:
    with tempfile.TemporaryDirectory(prefix="wb-postfix-") as name:
        place = Path(name)
        place.chmod(0o755)
        for folder in ("etc", "queue", "data"):
            (place / folder).mkdir()
        os.chown(place / "data", pwd.getpwnam("postfix").pw_uid, -1)
        identity = lab_authority().server()
        (place / "chain.pem").write_bytes(identity.chain)
        (place / "key.pem").write_bytes(identity.key)
        (place / "etc" / "main.cf").write_text(
            f"""compatibility_level = 3.6
queue_directory = {place}/queue
data_directory = {place}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.lab.test
mydestination = lab.test
mynetworks =
local_transport = discard:
default_transport = discard:
local_recipient_maps = inline:{{ anna=x, ben=x }}
alias_maps =
message_size_limit = 20480
smtpd_tls_cert_file = {place}/chain.pem
smtpd_tls_key_file = {place}/key.pem
smtpd_tls_security_level = may
smtpd_relay_restrictions = reject_unauth_destination
"""
        )
        port = free_port()
        services = (
            *(
                "cleanup unix n - n - 0 cleanup",
                "qmgr unix n - n 300 1 qmgr",
                "tlsmgr unix - - n 1000? 1 tlsmgr",
            ),
            *(
                "rewrite unix - - n - - trivial-rewrite",
                "bounce unix - - n - 0 bounce",
                "defer unix - - n - 0 bounce",
            ),
            *(
                "trace unix - - n - 0 bounce",
                "proxymap unix - - n - - proxymap",
                "anvil unix - - n - 1 anvil",
            ),
            *("error unix - - n - - error", "retry unix - - n - - error", "discard unix - - n - - discard"),
        )
        lines = (f"127.0.0.1:{port} inet n - n - - smtpd", *services)
        (place / "etc" / "master.cf").write_text("\n".join(lines) + "\n")
        for name in ("pid", "private", "public", "active", "bounce", "corrupt", "defer", "deferred", "flush"):
            _queue_folder(place / "queue" / name)
        for name in ("hold", "incoming", "maildrop", "saved", "trace"):
            _queue_folder(place / "queue" / name)
        master = "/usr/lib/postfix/sbin/master"
        with running([master, "-c", str(place / "etc"), "-d"], port, place / "log"):
            yield port


def _queue_folder(folder: Path) -> None:
    folder.mkdir(mode=0o755 if folder.name == "pid" else 0o700)
    if folder.name != "pid":
        os.chown(folder, pwd.getpwnam("postfix").pw_uid, -1)


async def send_to(
    port: int, *recipients: str, letter: bytes = LETTERS[0], security: Security = "auto"
) -> Submission:
    return await submit(
        Envelope("x@elsewhere.test", recipients),
        letter,
        Target("smtp", "127.0.0.1", port),
        Transcript(),
        security=security,
        trust=lab_trust(),
        timeout_s=SOON_S,
    )


@pytest.mark.real("postfix", root=True)
@pytest.mark.parametrize("security", ["auto", "plain"])
async def test_postfix_answers_for_each_recipient(postfix: int, security: Security):
    done = await send_to(postfix, "anna@lab.test", "nobody@lab.test", "x@far.test", security=security)
    assert [one.reply[:9] for one in done.recipients] == ["250 2.1.5", "550 5.1.1", "554 5.7.1"]
    assert (done.verdict, done.secured) == ("some", "starttls" if security == "auto" else "plain")
    assert done.queue_id
    assert done.reply.endswith(f"queued as {done.queue_id}")
    nobody = await send_to(postfix, "nobody@lab.test")
    assert nobody.verdict == "none"


@pytest.mark.real("postfix", root=True)
async def test_postfix_says_in_advance_what_is_too_large_and_takes_what_is_beyond_ascii(postfix: int):
    with pytest.raises(Refused, match="at most 20,480"):
        await send_to(postfix, "anna@lab.test", letter=b"Subject: x\n\n" + b"y" * 70 * 300)
    done = await send_to(postfix, "änna@lab.test", "anna@lab.test", letter="Subject: ü\n\nü".encode())
    assert (done.verdict, done.recipients[0].code) == ("some", 550)


# ---- others' clients against the Lab


@pytest.mark.real("swaks")
@pytest.mark.real("curl")
@pytest.mark.parametrize("protected", [False, True])
async def test_copied_scripts_submit_the_same_letter_to_the_lab(protected: bool, tmp_path: Path):
    async with serving("smtp", tls="required" if protected else "none") as served:
        for name, write in (
            ("swaks", smtp_code.swaks),
            ("curl", smtp_code.curl),
            ("python", smtp_code.python),
        ):
            certificates = lab_authority().certificate.decode() if protected else ""
            recipe = smtp_code.Recipe(
                "127.0.0.1",
                served.port,
                Envelope("ben@lab.test", ("anna@lab.test",)),
                "starttls" if protected else "plain",
                certificates=certificates,
            )
            (tmp_path / "letter.eml").write_text(f"Subject: by {name}\n\n.dot\n")
            (tmp_path / "lab-authority.pem").write_text(certificates)
            script = tmp_path / f"{name}.script"
            script.write_text(write(recipe))
            argv = [sys.executable if name == "python" else "sh", str(script)]
            done = await in_thread(
                subprocess.run, argv, capture_output=True, text=True, timeout=60, cwd=tmp_path
            )
            assert done.returncode == 0, (name, done)
            raw = house().accounts["anna"].inbox.letters[-1].raw
            # swaks adds a line end of its own.
            assert raw.rstrip(b"\r\n").endswith(f"Subject: by {name}\r\n\r\n.dot".encode()), name


@pytest.mark.real("curl")
@pytest.mark.parametrize("protected", [False, True])
async def test_copied_scripts_of_curl_read_the_labs_mailboxes(protected: bool, tmp_path: Path):
    certificates = lab_authority().certificate.decode() if protected else ""
    (tmp_path / "lab-authority.pem").write_text(certificates)
    secured = "starttls" if protected else "plain"
    password = house().accounts["anna"].password
    async with serving("imap") as imap, serving("pop") as pop:
        imap_deeds = (
            imap_code.Deed("folders"),
            imap_code.Deed("list", "INBOX", 1, 2),
            imap_code.Deed("letter", uid=7),
        )
        pop_deeds = (pop_code.Deed("list"), pop_code.Deed("top", 1), pop_code.Deed("letter", 7))
        scripts = {
            "imap": imap_code.curl(
                imap_code.Recipe("127.0.0.1", imap.port, "anna", imap_deeds, secured, certificates)  # type: ignore[arg-type]
            ),
            "pop": pop_code.curl(
                pop_code.Recipe("127.0.0.1", pop.port, "anna", pop_deeds, secured, certificates)  # type: ignore[arg-type]
            ),
        }
        for name, text in scripts.items():
            # There is no terminal on which curl could ask: the password is put where it would be typed.
            script = tmp_path / f"{name}.sh"
            script.write_text(text.replace("--user anna", f"--user anna:{password}"))
            done = await in_thread(
                subprocess.run, ["sh", str(script)], capture_output=True, text=True, timeout=60, cwd=tmp_path
            )
            assert done.returncode == 0, (name, done)
            assert ("Entw&APw-rfe" if name == "imap" else "The ferry leaves at nine") in done.stdout
            assert (tmp_path / "letter-7.eml").read_bytes().startswith(b"From: Ben")
            (tmp_path / "letter-7.eml").unlink()


@pytest.mark.real("smtp-source")
async def test_two_hundred_letters_of_smtp_source_are_taken(tmp_path: Path):
    before = len(house().accounts["ben"].inbox.letters)
    program = find_program("smtp-source")
    assert program is not None
    async with serving("smtp") as served:
        argv = [program, "-s", "4", "-m", "200", "-l", "2000", "-f", "a@b.test", "-t", "ben@lab.test"]
        done = await in_thread(
            subprocess.run, [*argv, f"127.0.0.1:{served.port}"], capture_output=True, text=True, timeout=60
        )
    assert done.returncode == 0, done
    assert len(house().accounts["ben"].inbox.letters) == before + 200
