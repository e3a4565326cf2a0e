"""What a person does with requests, without Qt.

Also what it stands on: workbench.panels.web.state, workbench.panels.web.opening.
"""

from pathlib import Path

import pytest

from tests.panels.web.desk import desk_at
from workbench.errors import LocalMisuse
from workbench.panels.web.opening import dns_target, name_of, socket_target
from workbench.transcript.export import FORMATS, export


async def test_a_request_its_hops_and_its_page():
    async with desk_at() as desk:
        job = await desk.sent("lab:http/redirect")
        state = desk.state
        assert (job.state, state.phase, state.verdict.kind, state.verdict.word) == (
            "done",
            "done",
            "good",
            "200 OK",
        )
        assert [hop.answer.status for hop in state.hops] == [302, 200]
        assert state.text.line(0) == "<!DOCTYPE html>"
        assert (state.text.encoding, state.text.whence) == ("utf-8", "Content-Type")
        assert (job.done, job.total) == (len(state.body), len(state.body))
        assert (state.why_not_body, state.why_not_hop, state.why_not_start) == ("", "", "")
        assert state.exchange is not None
        assert name_of(state.exchange) == "page.html"
        assert (socket_target(state.hops[0]), dns_target(state.hops[0])) == ("lab:http", "127.0.0.1")
        assert state.hop is state.hops[-1]
        desk.controller.show_hop(0)
        assert desk.state.hop is state.hops[0]


async def test_what_will_go_is_known_at_once_and_is_what_goes():
    async with desk_at() as desk:
        desk.controller.compose(
            url="lab:http/echo",
            method="POST",
            body="form",
            fields=(("name", "Anna B"), ("password", "xyz")),
            headers=(("X-A", "1"), ("x-a", "2")),
            without=frozenset({"user-agent"}),
        )
        preview = desk.state.preview
        assert preview.octets is not None
        assert [preview.octets.data[a:b] for a, b in preview.octets.secret] == [b"xyz"]
        assert [field.name for field in preview.added] == [
            "Host",
            "User-Agent",
            "Accept",
            "Content-Length",
            "Connection",
        ]
        await desk.sent("lab:http/echo")
        assert desk.state.body == preview.octets.data


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ({"url": "gopher://h/"}, "a server of Gopher does not speak HTTP"),
        ({"url": "lab:http", "method": "G T"}, "can't stand in a method"),
        ({"url": "lab:http", "headers": (("A", "b\nc"),)}, "LF"),
        ({"url": "lab:http", "headers": (("", "b"),)}, "no name"),
        ({"url": "lab:http", "user": "a:b"}, "colon"),
        ({"url": "lab:http", "body": "parts", "fields": (("f", "@/no/such/file"),)}, "can't be read"),
        ({"url": "lab:http", "body": "parts", "fields": (("f", "@/dev/null"),)}, "no plain file"),
    ],
)
async def test_a_mistake_is_seen_before_anything_is_sent(form: dict[str, object], what: str):
    async with desk_at() as desk:
        desk.controller.compose(**form)
        assert desk.state.preview.octets is None
        assert isinstance(desk.state.preview.mistake, LocalMisuse)
        assert what in desk.state.preview.mistake.what
        job = await desk.sent(str(form["url"]))
        assert (job.state, desk.state.phase) == ("failed", "failed")
        assert desk.state.hops == ()


async def test_a_file_in_a_form_goes_as_a_part(tmp_path: Path):
    (tmp_path / "notes.txt").write_bytes(b"hello")
    async with desk_at() as desk:
        fields = (("file", f"@{tmp_path}/notes.txt"), ("at", "@"))
        await desk.sent("lab:http/form", method="POST", body="parts", fields=fields)
        assert b'filename="notes.txt"; Content-Type: text/plain: 5 octets' in desk.state.body
        (tmp_path / "large").write_bytes(bytes(300_000))
        desk.controller.compose(fields=(("file", f"@{tmp_path}/large"),))
        assert desk.state.preview.mistake is not None
        assert "when the request goes" in desk.state.preview.mistake.what
        await desk.sent("lab:http/form")
        assert b"300000 octets" in desk.state.body


async def test_octets_of_the_editor_are_the_body():
    async with desk_at() as desk:
        desk.controller.raw = b"\0raw\xff"
        await desk.sent("lab:http/echo", method="PUT", body="raw")
        assert desk.state.body.endswith(b"\r\n\r\n\0raw\xff")


async def test_the_lab_tells_the_password_of_its_own_user_and_no_export_holds_it():
    async with desk_at("https") as desk:
        await desk.sent("lab:https/basic", user="student")
        assert desk.state.body == b"Welcome, student.\n"
        transcript = desk.controller.transcript
        sent = desk.controller._sent
        assert sent is not None
        assert sent.login is not None
        password = sent.login.password.encode()
        assert len(password) == 10
        for form in FORMATS:
            assert password not in b"".join(export(transcript, form))
        assert "getpass" in desk.controller.copy_as_python()
        assert "--user student" in desk.controller.copy_as_curl()
        assert password.decode() not in desk.controller.copy_as_python() + desk.controller.copy_as_curl()
        assert "BEGIN CERTIFICATE" in desk.controller.copy_as_curl()


async def test_an_answer_that_says_no_is_no_failure():
    async with desk_at() as desk:
        job = await desk.sent("lab:http/missing")
        assert (job.state, desk.state.problem) == ("done", None)
        assert (desk.state.verdict.kind, desk.state.verdict.word) == ("warning", "404 Not Found")


async def test_a_body_that_nobody_can_judge_is_called_so():
    async with desk_at() as desk:
        await desk.sent("lab:http/no-length")
        assert (desk.state.verdict.kind, desk.state.problem) == ("warning", None)
        assert "nobody can say" in desk.state.verdict.sentence


@pytest.mark.parametrize(
    ("path", "word", "octets"),
    [("/truncated", "truncated", 40), ("/overlong", "overlong", 10), ("/wrong/reset", "truncated", 40)],
)
async def test_a_broken_body_is_shown_with_its_failure(path: str, word: str, octets: int):
    async with desk_at() as desk:
        job = await desk.sent(f"lab:http{path}")
        assert (job.state, desk.state.phase, desk.state.verdict.kind) == ("failed", "failed", "bad")
        assert (desk.state.verdict.word, len(desk.state.body)) == (word, octets)
        assert desk.state.problem is not None
        desk.controller.dismiss()
        assert desk.state.problem is None


async def test_hops_stay_where_a_later_one_fails():
    async with desk_at() as desk:
        job = await desk.sent("lab:http/redirect?to=/wrong/two-lengths")
        assert job.state == "failed"
        assert [hop.answer.status for hop in desk.state.hops] == [302]
        assert desk.state.problem is not None
        assert desk.state.problem.stage == "head"


async def test_cancelled_it_says_how_much_had_come(tmp_path: Path):
    async with desk_at() as desk:
        job = desk.send(str(tmp_path / "f"), url="lab:http/wrong/endless-body")
        await desk.until(lambda state: state.received > 10_000)
        job.cancel()
        await job.wait()
        assert (desk.state.phase, desk.state.verdict.word) == ("cancelled", "cancelled")
        assert "f.partial" in desk.state.verdict.sentence
        assert (tmp_path / "f.partial").stat().st_size > 10_000


async def test_a_body_goes_to_a_file_or_is_saved_later(tmp_path: Path):
    async with desk_at() as desk:
        await desk.sent("lab:http/large?octets=3000000", str(tmp_path / "f"))
        assert (tmp_path / "f").stat().st_size == 3_000_000
        assert (desk.state.saved, desk.state.why_not_body) == (str(tmp_path / "f"), "it went to a file")
        await desk.sent("lab:http/page")
        await desk.controller.save(str(tmp_path / "page"))
        assert (tmp_path / "page").read_bytes() == desk.state.body
        assert desk.state.saved == str(tmp_path / "page")
        with pytest.raises(LocalMisuse):
            await desk.controller.save(str(tmp_path))


async def test_nothing_can_be_saved_or_copied_before_there_is_something(tmp_path: Path):
    async with desk_at() as desk:
        with pytest.raises(LocalMisuse):
            await desk.controller.save(str(tmp_path / "f"))
        with pytest.raises(LocalMisuse):
            desk.controller.copy_as_python()
        assert "send a request first" in desk.state.why_not_body


async def test_every_request_has_a_conversation_of_its_own():
    async with desk_at() as desk:
        await desk.sent("lab:http/page")
        first = desk.controller.transcript
        await desk.sent("lab:http/page")
        assert desk.controller.transcript is not first
        assert len(desk.controller.transcript.channels) == 1


async def test_an_untrusted_server_is_told_with_what_to_do():
    async with desk_at("https", certificate="wrong-name") as desk:
        job = await desk.sent("lab:https/page")
        assert job.state == "failed"
        assert desk.state.problem is not None
        assert (desk.state.problem.kind, desk.state.verdict.word) == ("Untrusted", "tls")
        assert "Options" in desk.state.problem.advice
        await desk.sent("lab:https/page", show_untrusted=True)
        assert desk.state.phase == "done"
        assert desk.state.hops[-1].handshake is not None
        assert desk.state.hops[-1].handshake.verdict.trusted is False
