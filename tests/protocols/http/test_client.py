"""Fetching: from the Lab, through the Lab's lies, from peers that follow a script, over TLS, cut and cancelled.

What it stands on: workbench.protocols.http.visit, workbench.protocols.http.security.
"""

import asyncio
import functools
import hashlib
import inspect
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.kit.scripted_peer import scripted_peer
from tests.lab.houses import Served, serving
from workbench.errors import (
    LinkLost,
    LocalFault,
    LocalMisuse,
    PeerMisbehaved,
    TooSlow,
    Untrusted,
    WorkbenchError,
)
from workbench.formats.target import Target
from workbench.lab.authority import lab_authority
from workbench.lab.services.http.pages import BOMB_OCTETS
from workbench.lab.services.http.wrong import FORTY, WRONG
from workbench.protocols.http.client import fetch
from workbench.protocols.http.encode import encode
from workbench.protocols.http.explain import explain
from workbench.protocols.http.security import Security
from workbench.protocols.http.sink import File, Memory
from workbench.protocols.http.values import Exchange, Hop, Login, Request
from workbench.protocols.http.visit import TITLE
from workbench.transcript.export import FORMATS, export
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.tls.values import Trust

SHORT_S = 0.4
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


REQUEST = encode(Request("http://h/", without=frozenset({"host"}))).data
"""What a scripted peer reads; it can't know its own port."""


def at_the_lab(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Run a test with `web`, a Lab's server of its own."""

    @functools.wraps(test)
    async def run(**given: object) -> None:
        async with serving("http") as web:
            await test(web=web, **given)

    signature = inspect.signature(test)
    others = [parameter for parameter in signature.parameters.values() if parameter.name != "web"]
    run.__signature__ = signature.replace(parameters=others)  # type: ignore[attr-defined]  # pytest looks for it
    return run


async def got(served: Served, path: str, **options: object) -> Exchange:
    with closing(Transcript()) as transcript:
        return await fetch(Request(f"http://{served.host}:{served.port}{path}"), transcript, **options)  # type: ignore[arg-type]


@at_the_lab
async def test_a_page_its_head_and_its_octets(web: Served):
    stages: list[str] = []
    with closing(Transcript()) as transcript:
        url = f"http://{web.host}:{web.port}/page"
        exchange = await fetch(Request(url), transcript, report=stages.append)
        assert stages == ["resolve", "connect", "request", "head", "body"]
        assert (exchange.status, exchange.completeness.kind, exchange.failure) == (200, "complete", None)
        assert exchange.body.data.startswith(b"<!DOCTYPE html>")
        assert exchange.body.sha256 == hashlib.sha256(exchange.body.data).hexdigest()
        sent = transcript.stream(0, Direction.SENT, "tcp")
        assert sent.read(0, len(sent)) == exchange.last.sent
        received = transcript.stream(0, Direction.RECEIVED, "tcp")
        assert received.read(0, len(received)) == exchange.head.raw + exchange.body.data
        assert transcript.channels[0].title == f"{TITLE}GET {url}"
        assert [event.name for event in transcript.events() if event.kind == "fact"][-1] == "close"


@pytest.mark.covers("C6.2")
@at_the_lab
async def test_what_is_echoed_is_what_was_known_before(web: Served):
    request = Request(
        f"http://{web.host}:{web.port}/echo", "POST", (("X-Lab", "1"), ("x-lab", "1")), b"body \0 here"
    )
    with closing(Transcript()) as transcript:
        exchange = await fetch(request, transcript)
    assert exchange.body.data == encode(request).data


@pytest.mark.covers("C6.4")
@at_the_lab
async def test_redirects_are_hops_with_their_rules(web: Served):
    heard: list[Hop] = []
    request = Request(
        f"http://{web.host}:{web.port}/redirect?status=302&to=/redirect%3Fstatus=307%26to=/headers",
        "POST",
        body=b"abc",
    )
    with closing(Transcript()) as transcript:
        exchange = await fetch(request, transcript, on_hop=heard.append)
        assert len(transcript.channels) == 3
        facts = [event.values for event in transcript.events() if event.name == "http.redirect"]
    assert [hop.answer.status for hop in exchange.hops] == [302, 307, 200]
    assert [hop.request.method for hop in heard] == ["POST", "GET", "GET"]
    assert exchange.hops[0].dropped == ("the body of 3 octets: GET has none",)
    assert exchange.body.data.startswith(b"GET /headers HTTP/1.1\r\n")
    assert [fact["followed"] for fact in facts] == [True, True]


@pytest.mark.covers("C6.4")
@at_the_lab
async def test_a_307_repeats_the_body(web: Served):
    request = Request(f"http://{web.host}:{web.port}/redirect?status=307&to=/echo", "POST", body=b"a=1")
    with closing(Transcript()) as transcript:
        exchange = await fetch(request, transcript)
    assert exchange.body.data.startswith(b"POST /echo")
    assert exchange.body.data.endswith(b"\r\n\r\na=1")


@pytest.mark.parametrize(
    ("path", "kind", "what"),
    [("/loop", "PeerMisbehaved", "circle"), ("/to-a-file", "Refused", "not to file:")],
)
@at_the_lab
async def test_a_redirect_that_is_not_followed_is_shown_with_its_answer(
    web: Served, path: str, kind: str, what: str
):
    exchange = await got(web, path)
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.status) == (kind, 302)
    assert what in exchange.failure.what
    assert exchange.body.data
    with pytest.raises(WorkbenchError):
        exchange.require_whole()


@at_the_lab
async def test_redirects_are_limited_and_can_be_left_alone(web: Served):
    exchange = await got(web, "/redirect?to=/redirect", max_redirects=1)
    assert len(exchange.hops) == 2
    assert exchange.failure is not None
    assert "more than 1 redirects" in exchange.failure.what
    exchange = await got(web, "/redirect", max_redirects=0)
    assert (exchange.status, exchange.failure) == (302, None)


async def test_a_redirect_without_a_place_is_an_answer_like_any():
    with (
        scripted_peer(
            [("expect", REQUEST), ("send", b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n")]
        ) as peer,
        closing(Transcript()) as transcript,
    ):
        request = Request(f"http://{peer}/", without=frozenset({"host"}))
        exchange = await fetch(request, transcript, timeout_s=10.0)
        facts = [event for event in transcript.events() if event.name == "http.redirect"]
        assert [fact.values["followed"] for fact in facts] == [False]
        told = explain(transcript, facts[0])
    assert told is not None
    assert "leads nowhere" in told.what
    assert (exchange.status, exchange.failure, len(exchange.hops)) == (302, None, 1)


@at_the_lab
async def test_a_login_stays_with_its_origin(web: Served):
    secret = web.figures.address.accounts[0]
    with closing(Transcript()) as transcript:
        request = Request(f"http://{web.host}:{web.port}/basic", login=Login(*secret))
        assert (await fetch(request, transcript)).status == 200
        wrong = await fetch(Request(request.url, login=Login("student", "wrong")), transcript)
        assert (wrong.status, len(wrong.hops)) == (401, 1)
        assert "realm" in (wrong.head.first("www-authenticate") or "")

        async def resolver(target: Target) -> Target:
            return Target("tcp", web.host, web.port) if target.is_lab else target

        moved = await fetch(
            Request("lab:http/elsewhere", login=Login(*secret)), transcript, resolver=resolver
        )
        assert moved.hops[0].dropped == ("Authorization: " + moved.last.url.authority + " is another origin",)
        assert b"uthorization" not in moved.body.data


@at_the_lab
async def test_no_password_stands_in_any_export(web: Served, tmp_path: Path):
    from workbench.protocols.http.forms import FormField, urlencoded

    form = urlencoded([FormField("user", "anna"), FormField("password", "swordfish")])
    basic = "Basic YW5uYTpzd29yZGZpc2g="
    with closing(Transcript()) as transcript:
        url = f"http://{web.host}:{web.port}/form"
        headers = (("Content-Type", form.content_type), ("Cookie", "id=swordfish"))
        request = Request(url, "POST", headers, form.body, form.secret, Login("anna", "swordfish"))
        exchange = await fetch(request, transcript)
        assert b"password = (9 characters)" in exchange.body.data
        for form in FORMATS:
            place = tmp_path / f"out.{form}"
            place.write_bytes(b"".join(export(transcript, form)))
            assert place.stat().st_size > 100
            assert b"swordfish" not in place.read_bytes()
            assert basic.encode()[6:] not in place.read_bytes()
        assert b"swordfish" not in exchange.hops[0].sent


# ---- bodies


@pytest.mark.parametrize(
    ("path", "kind", "octets"),
    [
        ("/no-length", "unverifiable", 40),
        ("/chunked", "complete", 35),
        ("/large?octets=3000000", "complete", 3_000_000),
        ("/status/204", "complete", 0),
        ("/wrong/bare-lf", "complete", 40),
        ("/wrong/length-and-chunks", "complete", 40),
    ],
)
@at_the_lab
async def test_bodies_that_are_no_failure(web: Served, path: str, kind: str, octets: int):
    exchange = await got(web, path)
    assert (exchange.completeness.kind, exchange.body.octets, exchange.failure) == (kind, octets, None)


@at_the_lab
async def test_chunks_and_trailers_are_told(web: Served):
    exchange = await got(web, "/chunked")
    assert exchange.body.data == b"Each word of this line is a chunk.\n"
    assert exchange.chunks.number == 8
    assert [(field.name, field.value) for field in exchange.chunks.trailers] == [("X-Words", "8")]


@at_the_lab
async def test_a_head_alone_is_there_at_once(web: Served):
    loop = asyncio.get_running_loop()
    with closing(Transcript()) as transcript:
        began = loop.time()
        exchange = await fetch(
            Request(f"http://{web.host}:{web.port}/large?octets=1000000", "HEAD"), transcript
        )
        assert loop.time() - began < 5
    assert exchange.completeness.kind == "complete"
    assert exchange.head.first("content-length") == "1000000"


@pytest.mark.parametrize("path", ["/gzip", "/deflate"])
@at_the_lab
async def test_a_packed_body_is_unpacked_and_kept_as_it_came(web: Served, path: str):
    exchange = await got(web, path)
    assert exchange.body.data.startswith(b"The same line")
    assert exchange.body.encoded is not None
    assert exchange.body.encoded.octets == exchange.completeness.expected == len(exchange.body.encoded.data)
    assert exchange.body.octets > exchange.body.encoded.octets


@at_the_lab
async def test_a_bomb_is_named_with_both_sizes_and_stops(web: Served):
    exchange = await got(web, "/bomb")
    assert exchange.completeness.kind == "complete"
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.failure.stage) == ("PeerMisbehaved", "decode")
    assert exchange.body.encoded is not None
    assert f"{exchange.body.encoded.octets:,} octets became" in exchange.body.encoded.fault
    assert exchange.body.octets < BOMB_OCTETS // 2
    limited = await got(web, "/bomb", limit_decoded=1_000_000)
    assert limited.body.encoded is not None
    assert "1,000,000" in limited.body.encoded.fault
    assert limited.body.octets <= 1_000_000


async def test_what_cant_be_unpacked_here_is_given_as_it_came():
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\nhi"
    exchange = await scripted(("send", answer))
    assert (exchange.body.data, exchange.failure) == (b"hi", None)
    assert exchange.body.encoded is not None
    assert "'br'" in exchange.body.encoded.fault


async def test_a_packed_body_that_ends_early_is_named():
    import gzip

    data = gzip.compress(b"hello" * 100, mtime=0)[:-6]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(data)
    exchange = await scripted(("send", head + data))
    assert exchange.failure is not None
    assert "has no end" in exchange.failure.what


async def scripted(*steps: tuple[str] | tuple[str, bytes], **options: object) -> Exchange:
    with scripted_peer([("expect", REQUEST), *steps]) as peer, closing(Transcript()) as transcript:
        # Only who stalls is given up.
        options.setdefault("timeout_s", SHORT_S if ("stall",) in steps else 10.0)
        request = Request(f"http://{peer}/", without=frozenset({"host"}))
        return await fetch(request, transcript, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "kind", "hint"),
    [
        (b"<html><body>ha", b"text/html", "may be cut"),
        (b"<html></html>\n", b"text/html; charset=x", "has its </html>"),
        (b"ha", b"text/plain", ""),
    ],
)
async def test_where_nothing_proves_it_there_may_be_a_hint(body: bytes, kind: bytes, hint: str):
    exchange = await scripted(("send", b"HTTP/1.1 200 OK\r\nContent-Type: " + kind + b"\r\n\r\n" + body))
    assert exchange.completeness.kind == "unverifiable"
    assert exchange.hint.endswith(hint)
    assert bool(hint) is bool(exchange.hint)


@at_the_lab
async def test_progress_is_told_and_a_file_is_whole_in_the_end(web: Served, tmp_path: Path):
    told: list[tuple[int, int | None]] = []
    place = tmp_path / "f"
    exchange = await got(
        web,
        "/slow",
        sink=File(str(place)),
        progress=lambda done, total: told.append((done, total)),
    )
    assert len(told) >= 5
    assert told[-1] == (10_000, 10_000)
    assert exchange.body.file == str(place)
    assert exchange.body.sha256 == hashlib.sha256(place.read_bytes()).hexdigest()


@at_the_lab
async def test_of_a_large_body_the_first_octets_are_kept(web: Served):
    exchange = await got(web, "/large?octets=100000", sink=Memory(1000))
    assert (len(exchange.body.data), exchange.body.octets, exchange.body.is_kept) == (1000, 100_000, False)


@at_the_lab
async def test_a_cut_file_stays_partial(web: Served, tmp_path: Path):
    exchange = await got(web, "/truncated", sink=File(str(tmp_path / "f")))
    assert exchange.body.file == str(tmp_path / "f.partial")
    assert (tmp_path / "f.partial").read_bytes() == FORTY
    assert not (tmp_path / "f").exists()


@at_the_lab
async def test_a_file_that_cant_be_made_is_told(web: Served, tmp_path: Path):
    with pytest.raises(LocalFault):
        await got(web, "/page", sink=File(str(tmp_path / "no" / "f")))


@at_the_lab
async def test_cancelled_within_the_body_the_rest_is_not_waited_for(web: Served, tmp_path: Path):
    sink = Memory()
    enough = asyncio.Event()

    def progress(done: int, _total: int | None) -> None:
        if done >= 1000:
            enough.set()

    task = asyncio.create_task(got(web, "/slow", sink=sink, progress=progress))
    await enough.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert 1000 <= sink.octets < 10_000


# ---- servers that lie

RAISED = {
    "two-lengths": ("PeerMisbehaved", "two lengths"),
    "space-before-colon": ("PeerMisbehaved", "white space"),
    "nul": ("PeerMisbehaved", "NUL"),
    "bad-status": ("PeerMisbehaved", "no status line"),
    "many-fields": ("PeerMisbehaved", "fields"),
    "half-head": ("PeerMisbehaved", "within its head"),
    "endless-head": ("PeerMisbehaved", "64 KiB"),
    "informational": ("PeerMisbehaved", "1xx"),
    "http-0.9": ("PeerMisbehaved", "does not begin with HTTP/"),
    "another-protocol": ("PeerMisbehaved", "another protocol"),
    "nothing": ("LinkLost", "no answer"),
    "silent": ("TooSlow", "no whole head"),
}
FAILED = {
    "truncated": ("truncated", "PeerMisbehaved"),
    "overlong": ("overlong", "PeerMisbehaved"),
    "no-last-chunk": ("truncated", "PeerMisbehaved"),
    "bad-chunk": ("truncated", "PeerMisbehaved"),
    "reset": ("truncated", "LinkLost"),
}
FINE = {"length-and-chunks", "bare-lf", "folded"}


def test_every_lie_of_the_lab_is_here():
    assert set(WRONG) == {*RAISED, *FAILED, *FINE, "endless-body"}


@pytest.mark.parametrize("name", RAISED)
@at_the_lab
async def test_an_answer_that_is_none_is_raised(web: Served, name: str):
    kind, what = RAISED[name]
    with pytest.raises(WorkbenchError) as caught:
        await got(web, f"/wrong/{name}", timeout_s=SHORT_S if name == "silent" else 10.0)
    assert (caught.value.kind, caught.value.stage) == (kind, "head")
    assert what in caught.value.what


@pytest.mark.parametrize("name", FAILED)
@pytest.mark.covers("C6.20", "C6.21")
@at_the_lab
async def test_a_broken_body_is_kept_and_named(web: Served, name: str):
    exchange = await got(web, f"/wrong/{name}")
    assert exchange.failure is not None
    assert (exchange.completeness.kind, exchange.failure.kind) == FAILED[name]
    assert exchange.failure.stage == "body"
    assert FORTY.startswith(exchange.body.data)
    assert exchange.body.octets == (10 if name == "overlong" else 40)
    assert exchange.extra == (FORTY[10:] if name == "overlong" else b"")


@at_the_lab
async def test_an_endless_body_is_cancelled_and_memory_is_bounded(web: Served):
    sink = Memory(10_000)
    seen = asyncio.Event()

    def progress(done: int, _total: int | None) -> None:
        if done > 2_000_000:
            seen.set()

    task = asyncio.create_task(got(web, "/wrong/endless-body", sink=sink, progress=progress))
    await seen.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(sink.data) == 10_000


@pytest.mark.parametrize("step", [("stall",), ("reset",), ("finish",)])
@pytest.mark.parametrize("cut", [0, 1, 9, 16, 30, 38, 39])
async def test_an_answer_cut_anywhere_ends_with_its_stage_within_the_deadline(cut: int, step: tuple[str]):
    steps: list[tuple[str] | tuple[str, bytes]] = [("send", OK[:cut])] if cut else []
    loop = asyncio.get_running_loop()
    began = loop.time()
    if cut < 38:
        # Of a reset the system may tell before it hands out what came.
        with pytest.raises((PeerMisbehaved, LinkLost, TooSlow)) as caught:
            await scripted(*steps, step)
        assert caught.value.stage in ("head", "request")
    else:
        failure, kind = await ended(scripted(*steps, step))
        assert failure.stage == "body" or step == ("reset",)
        assert kind in ("truncated", "")
    assert loop.time() - began < 5


async def ended(fetching: Awaitable[Exchange]) -> tuple[WorkbenchError, str]:
    """How it failed, raised or not, and what became of the body."""
    try:
        exchange = await fetching
    except LinkLost as failure:
        return failure, ""
    assert exchange.failure is not None
    return exchange.failure, exchange.completeness.kind


async def test_nobody_there_is_told_by_the_stage():
    with closing(Transcript()) as transcript, pytest.raises(LinkLost) as caught:
        await fetch(Request("http://127.0.0.1:1/"), transcript, timeout_s=5)
    assert (caught.value.stage, caught.value.errno_name) == ("connect", "ECONNREFUSED")


async def test_a_mistake_sends_nothing():
    with closing(Transcript()) as transcript:
        with pytest.raises(LocalMisuse):
            await fetch(Request("http://127.0.0.1:1/", headers=(("A", "b\r\nC: d"),)), transcript)
        assert len(transcript) == 0


async def test_a_server_that_answers_before_it_has_everything_is_heard():
    early = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    request_line = b"POST / HTTP/1.1\r\n"
    with scripted_peer([("expect", request_line), ("send", early), ("stall",)]) as peer:
        # More than the system takes at once: sending stands still until the deadline, and reading would help.
        with closing(Transcript()) as transcript, pytest.raises(TooSlow) as caught:
            await fetch(Request(f"http://{peer}/", "POST", body=bytes(2**25)), transcript, timeout_s=SHORT_S)
        assert caught.value.stage == "request"


# ---- TLS


async def lab_root() -> bytes:
    return lab_authority().certificate


async def test_over_tls_the_labs_authority_is_believed_for_the_lab():
    async with serving("https") as served:

        async def resolver(target: Target) -> Target:
            return Target("tcp", served.host, served.port)

        with closing(Transcript()) as transcript:
            exchange = await fetch(
                Request("lab:https/redirect"), transcript, resolver=resolver, security=Security(lab=lab_root)
            )
            assert (exchange.status, len(exchange.hops)) == (200, 2)
            handshake = exchange.last.handshake
            assert handshake is not None
            assert (handshake.verdict.trusted, handshake.verdict.name_matched, handshake.alpn) == (
                True,
                True,
                "",
            )
            assert exchange.completeness.kind == "complete"
            with pytest.raises(LocalMisuse):
                await fetch(Request("lab:https"), transcript, resolver=resolver)


@pytest.mark.parametrize("flaw", ["none", "expired", "wrong-name"])
async def test_an_untrusted_server_hears_no_request(flaw: str):
    async with serving("https", certificate=flaw) as served:
        url = f"https://localhost:{served.port}/headers"
        trust = Trust(False, lab_authority().certificate) if flaw != "none" else None
        with closing(Transcript()) as transcript:
            with pytest.raises(Untrusted) as caught:
                await fetch(Request(url), transcript, security=Security(trust=trust))
            assert caught.value.stage == "tls"
            shown = await fetch(Request(url), transcript, security=Security(trust=trust, untrusted="show"))
        assert shown.status == 200
        assert shown.last.handshake is not None
        assert shown.last.handshake.verdict.trusted is False


async def test_tls_that_ends_without_goodbye_cuts_a_body_that_has_no_length():
    async with serving("https", truncate=True) as served:
        security = Security(trust=Trust(False, lab_authority().certificate))
        with closing(Transcript()) as transcript:
            url = f"https://localhost:{served.port}"
            cut = await fetch(Request(f"{url}/no-length"), transcript, security=security)
            assert (cut.completeness.kind, cut.body.octets) == ("truncated", 40)
            whole = await fetch(Request(f"{url}/page"), transcript, security=security)
            assert whole.completeness.kind == "complete"


@at_the_lab
async def test_tls_to_a_server_in_clear_and_the_other_way_round(web: Served):
    with closing(Transcript()) as transcript:
        with pytest.raises(WorkbenchError) as caught:
            await fetch(Request(f"https://localhost:{web.port}/"), transcript, timeout_s=SHORT_S)
        assert caught.value.stage == "tls"
    async with serving("https") as served:
        with closing(Transcript()) as transcript, pytest.raises(WorkbenchError) as caught:
            await fetch(Request(f"http://localhost:{served.port}/"), transcript, timeout_s=15)
        assert caught.value.stage == "head"
