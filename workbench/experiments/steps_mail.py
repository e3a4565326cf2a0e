"""Carrying out the verbs of verbs_mail.py: letters to and from mail servers. As in steps.py."""

import secrets
from typing import TYPE_CHECKING, cast

from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_mail import Letter, LookedSeen, SentSeen
from workbench.experiments.values import Given
from workbench.transcript.records import Direction

if TYPE_CHECKING:
    from workbench.protocols.sasl.values import Login, Security
    from workbench.wire.tls.values import Trust

SENDER = "ben@lab.test"
LATEST = 100
"""Letters of the INBOX that are looked at: a card sends a handful, others that are played at the same time too."""


async def _letter(_stage: Stage, given: Given, _name: str) -> Done:
    token = secrets.token_hex(4)
    subject = f"{given['subject']} ({token})"
    head = f"From: Ben <{SENDER}>\r\nTo: anna@lab.test\r\nSubject: {subject}\r\nMessage-ID: <{token}@lab.test>\r\n"
    return Done(Letter(subject, head.encode() + b"\r\n" + cast(bytes, given["text"])), subject)


async def _send(stage: Stage, given: Given, _name: str) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.protocols.smtp.client import submit
    from workbench.protocols.smtp.values import Envelope

    server, resolver = stage.where(given["to"], "tcp")
    letter = _written(stage, given)
    first = len(stage.transcript)
    done = await submit(
        Envelope(SENDER, tuple(word.strip() for word in str(given["recipients"]).split(","))),
        letter.data,
        server,
        stage.transcript,
        login=_account(stage, "ben") if given.get("login") else None,
        security=cast("Security", given.get("security", "auto")),
        trust=await _trust(stage),
        resolver=resolver,
        timeout_s=timeout_of(given),
    )
    taken = sum(recipient.accepted for recipient in done.recipients)
    seen = SentSeen(
        done.verdict,
        taken,
        len(done.recipients) - taken,
        " | ".join(recipient.reply for recipient in done.recipients),
        done.reply,
        done.secured,
        _wire(stage, first, done.channel),
    )
    return Done(seen, f"{taken} of {len(done.recipients)} recipients taken, then {done.reply}")


async def _look(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.imap.client import open_imap

    server, resolver = stage.where(given["to"], "tcp")
    letter = _written(stage, given)
    async with await open_imap(
        server,
        stage.transcript,
        login=_account(stage, "anna"),
        trust=await _trust(stage),
        resolver=resolver,
        timeout_s=timeout_of(given),
    ) as session:
        mailbox = await session.examine("INBOX")
        listed = await session.summaries(mailbox.exists - LATEST + 1, mailbox.exists)
        found = [one for one in listed if letter.subject.encode() in one.header]
        text = b"" if not found else (await session.letter(found[-1].uid)).partition(b"\r\n\r\n")[2]
    return Done(LookedSeen(len(found), text.decode("utf-8", "replace")), f"found {len(found)} times")


def _written(stage: Stage, given: Given) -> Letter:
    return cast(Letter, stage.made[str(given["letter"])].thing)


def _account(stage: Stage, user: str) -> "Login":
    """A login that every mail server of the card's Lab knows: they share their mailboxes."""
    from workbench.protocols.sasl.values import Login

    accounts = next((dict(service.accounts) for service in stage.services.values() if service.accounts), {})
    return Login(user, accounts.get(user, ""))


async def _trust(stage: Stage) -> "Trust | None":
    from workbench.wire.tls.values import Trust

    return None if stage.authority is None else Trust(False, (await stage.authority()).certificate)


def _wire(stage: Stage, first: int, channel: int) -> str:
    """The letter as it went over the wire: what was sent between the fact that says so and the goodbye."""
    pieces: list[bytes] | None = None
    for event in stage.transcript.events(first):
        if event.channel != channel:
            continue
        if event.name == "smtp.letter":
            pieces = []
        elif pieces is not None and event.kind == "bytes" and event.direction is Direction.SENT:
            pieces.append(stage.transcript.data(event))
    whole = b"".join(pieces or ())
    return whole.partition(b"\r\n\r\n")[2].partition(b"QUIT\r\n")[0].decode("utf-8", "replace")


CARRY_MAIL: dict[str, Carry] = {"mail-letter": _letter, "mail-send": _send, "mail-look": _look}
