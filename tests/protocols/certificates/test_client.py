"""Looking at servers of another program's TLS: the chain, the judgement, and an end that leaves nothing behind."""

import asyncio

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.protocols.certificates.authorities import BETWEEN, CLIENT_ONLY, NOW, ROOT, SERVER, Holder, issue
from tests.protocols.certificates.servers import showing
from tests.protocols.certificates.test_judge import EXPIRED, OTHER
from workbench.errors import LinkLost, LocalMisuse, PeerMisbehaved, TooSlow, WorkbenchError
from workbench.formats.target import parse_target
from workbench.protocols.certificates.client import inspect
from workbench.protocols.certificates.judge import judge_chain
from workbench.protocols.certificates.values import Inspection
from workbench.transcript.recorder import Transcript


async def look(
    where: str, *, name: str = "localhost", by: Holder = ROOT, timeout_s: float = 10.0
) -> Inspection:
    transcript = Transcript()
    try:
        return await inspect(parse_target(where), transcript, by.store(), name=name, timeout_s=timeout_s)
    finally:
        transcript.close()


async def test_the_chain_as_sent_and_as_built():
    async with showing(SERVER.identity(BETWEEN)) as where:
        seen = await look(where)
    assert [each.title for each in seen.sent] == ["server", "between"]
    assert [each.title for each in seen.judgement.verified] == ["server", "between", "root"]
    assert seen.judgement.trusted
    assert seen.judgement.name is not None
    assert seen.judgement.name.checks[0].matched
    assert seen.marks == ("the server's own", "signed the one before it")
    assert (seen.address, seen.handshake.sni) == (where, "localhost")


@pytest.mark.parametrize(
    ("holder", "by", "kinds"),
    [
        (EXPIRED, ROOT, ["expired"]),
        (OTHER, ROOT, ["name"]),
        (CLIENT_ONLY, ROOT, ["purpose"]),
        (SERVER, issue("another"), ["unknown-authority"]),
        (OTHER, issue("another"), ["unknown-authority", "name"]),
    ],
)
async def test_each_reason_is_told_and_the_chain_is_shown_all_the_same(
    holder: Holder, by: Holder, kinds: list[str]
):
    async with showing(holder.identity(BETWEEN)) as where:
        seen = await look(where, by=by)
    assert [reason.kind for reason in seen.judgement.reasons] == kinds
    assert not seen.judgement.trusted
    assert seen.sent[0].der == holder.der


@pytest.mark.parametrize("holder", [SERVER, EXPIRED, OTHER])
async def test_a_file_of_the_same_chain_gets_the_same_reasons(holder: Holder):
    async with showing(holder.identity(BETWEEN)) as where:
        seen = await look(where)
    judged = judge_chain(seen.sent, ROOT.store(), "localhost", NOW)
    assert [reason.kind for reason in judged.reasons] == [reason.kind for reason in seen.judgement.reasons]


STAR = issue("star", BETWEEN, names=("*.ex.test",), is_authority=False)
TOP_STAR = issue("top star", BETWEEN, names=("*.test",), is_authority=False)
CN_ONLY = issue("www.ex.test", BETWEEN, is_authority=False)


@pytest.mark.covers("C15.29")
@pytest.mark.parametrize(
    ("holder", "name", "code", "reason"),
    [
        (STAR, "a.ex.test", 0, "the star stands for “a”"),
        (STAR, "b.a.ex.test", 62, "“b.a” are several"),
        (STAR, "ex.test", 62, "here is none"),
        (TOP_STAR, "a.test", 62, "whole top-level domain"),
        (STAR, "127.0.0.1", 64, "an address was expected, and this is a DNS name"),
        (CN_ONLY, "www.ex.test", 62, ""),
    ],
)
async def test_each_name_has_openssls_code_and_our_reason(holder: Holder, name: str, code: int, reason: str):
    async with showing(holder.identity(BETWEEN)) as where:
        seen = await look(where, name=name)
    assert [each.code for each in seen.judgement.reasons] == ([code] if code else [])
    assert seen.judgement.name is not None
    assert seen.judgement.name.matched is (code == 0)
    assert [reason in check.reason for check in seen.judgement.name.checks] == ([True] if reason else [])
    if not reason:
        assert "the common name doesn't count" in seen.judgement.sentence


async def test_an_address_is_no_sni_and_a_name_may_be_left_out():
    async with showing(SERVER.identity(BETWEEN)) as where:
        seen = await look(where, name="127.0.0.1")
        assert seen.handshake.sni == ""
        assert [reason.kind for reason in seen.judgement.reasons] == ["name"]
        unnamed = await look(where, name="")
    assert unnamed.judgement.trusted
    assert unnamed.judgement.name is None


async def test_it_says_goodbye_and_is_not_the_one_who_resets():
    transcript = Transcript()
    async with showing(SERVER.identity(BETWEEN)) as where:
        await inspect(parse_target(where), transcript, ROOT.store(), name="localhost")
    names = [event.name for event in transcript.events() if event.kind == "fact"]
    assert "tls.finished" in names
    assert all(event.values.get("kind") != "RST" for event in transcript.events() if event.name == "end")
    transcript.close()


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ([("send", b"220 hello\r\n"), ("stall",)], PeerMisbehaved),
        ([("expect", b"\x16"), ("finish",), ("stall",)], LinkLost),
        ([("expect", b"\x16"), ("reset",)], LinkLost),
        ([("stall",)], TooSlow),
    ],
)
async def test_whoever_speaks_no_tls_is_told_apart(
    script: list[tuple[object, ...]], kind: type[WorkbenchError]
):
    with scripted_peer(script) as peer:
        with pytest.raises(kind) as failed:
            await look(str(peer), timeout_s=0.3 if kind is TooSlow else 10.0)
        assert failed.value.stage == "tls"


async def test_a_look_that_is_cancelled_closes_its_connection():
    with scripted_peer([("stall",)]) as peer:
        task = asyncio.ensure_future(look(str(peer)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_udp_has_no_certificates():
    with pytest.raises(LocalMisuse, match="UDP has none"):
        await look("udp://127.0.0.1:9")
