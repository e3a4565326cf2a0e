"""What a person does with certificates, without Qt: look, open, paste, choose whom to believe, copy."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.formats.x509.samples import ec_key
from tests.formats.x509.test_paper import CLEAR, GOOD_PEM, PEM, PKCS8
from tests.kit.scripted_peer import scripted_peer
from tests.protocols.certificates.authorities import BETWEEN, ROOT, SERVER, Holder
from tests.protocols.certificates.servers import showing
from tests.protocols.certificates.test_judge import EXPIRED, OTHER
from workbench.errors import LinkLost, LocalFault, LocalMisuse
from workbench.formats.target import Target
from workbench.jobs.scope import Scope
from workbench.panels.certificates import controller as module
from workbench.panels.certificates.controller import CertificatesController
from workbench.panels.certificates.state import CertificatesState
from workbench.protocols.certificates.trust import pem
from workbench.transcript.recorder import Transcript


async def nowhere(target: Target) -> Target:
    return target


async def lab() -> bytes:
    return pem(ROOT.der)


class Desk:
    """A controller, and all the states it went through."""

    def __init__(self, **form: object) -> None:
        self.transcript = Transcript()
        self.controller = CertificatesController(self.transcript, nowhere, lab)
        self.controller.compose(name="localhost", trust="lab", **form)
        self.states: list[CertificatesState] = []
        self._news = asyncio.Event()
        self.controller.observe(self._on_changed)

    def _on_changed(self, _controller: CertificatesController) -> None:
        self.states.append(self.state)
        self._news.set()

    async def until_stage(self, stage: str) -> None:
        while self.state.stage != stage:
            self._news.clear()
            await self._news.wait()

    @property
    def state(self) -> CertificatesState:
        return self.controller.state

    async def look(self, holder: Holder = SERVER, **form: object) -> CertificatesState:
        async with showing(holder.identity(BETWEEN)) as where:
            self.controller.compose(target=where, **form)
            await self.controller.look()
        return self.state

    def keys(self) -> list[str]:
        return [entry.key for entry in self.state.entries]


async def test_a_look_goes_through_its_stages_to_the_chain():
    desk = Desk()
    state = await desk.look()
    assert list(dict.fromkeys(each.stage for each in desk.states)) == ["", "resolve", "connect", "tls"]
    assert (state.phase, state.verdict.kind, state.verdict.word) == ("done", "good", "accepted")
    assert desk.keys() == ["verdict", "sent", "built"]
    assert [entry.title for entry in state.entries[1].children] == ["server", "between"]
    assert state.entry is not None
    assert (state.entry.key, state.entry.data) == ("sent/0", SERVER.der)
    assert "TLSv1.3" in state.verdict.chips
    assert "EC P-256" in state.verdict.chips
    desk.transcript.close()


@pytest.mark.parametrize(("holder", "kind"), [(EXPIRED, "Expired"), (OTHER, "Name")])
async def test_a_refused_one_shows_its_verdict_first(holder: Holder, kind: str):
    desk = Desk()
    state = await desk.look(holder)
    assert (state.verdict.kind, state.verdict.word, state.problem) == ("bad", "refused", None)
    assert state.selected == "verdict"
    assert state.entry is not None
    why = state.entry.fields[0]
    assert why.name == "Why it is refused"
    assert [reason.name for reason in why.fields] == [kind]
    desk.transcript.close()


async def test_whom_to_trust_is_chosen(tmp_path: Path):
    desk = Desk()
    assert (await desk.look(trust="system")).verdict.word == "refused"
    assert (await desk.look(trust="auto")).verdict.word == "refused", "this is no server of the Lab"
    path = tmp_path / "root.pem"
    path.write_bytes(pem(ROOT.der))
    assert (await desk.look(trust="file", trust_file=str(path))).verdict.word == "accepted"
    with pytest.raises(LocalMisuse, match="no file was chosen"):
        await desk.look(trust="file", trust_file="")
    assert desk.state.phase == "failed"
    with pytest.raises(LocalFault):
        await desk.look(trust="file", trust_file="/nowhere/at.all")
    desk.transcript.close()


async def test_a_wrong_name_is_a_mistake_before_anybody_is_asked():
    desk = Desk()
    desk.controller.compose(target="127.0.0.1:1", name="no host name")
    with pytest.raises(LocalMisuse):
        await desk.controller.look()
    assert desk.state.problem is not None
    assert len(desk.transcript) == 0
    desk.transcript.close()


async def test_nobody_there_is_a_failure_with_its_stage_and_event():
    desk = Desk(target="127.0.0.1:1")
    with pytest.raises(LinkLost):
        await desk.controller.look()
    assert (desk.state.phase, desk.state.verdict.word) == ("failed", "connect")
    assert desk.state.problem is not None
    assert desk.state.problem.transcript_index is not None
    desk.controller.dismiss()
    assert desk.state.problem is None
    desk.transcript.close()


async def test_a_look_that_is_cancelled_says_so():
    desk = Desk()
    scope = Scope("certificates")
    with scripted_peer([("stall",)]) as peer:
        desk.controller.compose(target=str(peer))
        scope.launch(desk.controller.look(), name="look")
        await desk.until_stage("tls")
        await scope.retire()
    assert (desk.state.phase, desk.state.verdict.word) == ("cancelled", "cancelled")
    desk.transcript.close()


async def test_a_file_is_opened_judged_and_shown_in_its_order(tmp_path: Path):
    path = tmp_path / "chain.pem"
    key = ec_key().private_bytes(PEM, PKCS8, CLEAR)
    path.write_bytes(key + pem(BETWEEN.der) + pem(SERVER.der))
    desk = Desk()
    await desk.controller.open_file(str(path))
    state = desk.state
    assert state.verdict.word == "accepted"
    assert desk.keys() == ["verdict", "papers", "built"]
    assert [entry.sign for entry in state.entries[1].children] == ["lock", "", ""]
    assert [entry.title for entry in state.entries[1].children][1:] == ["between", "server"]
    assert state.entries[1].children[0].data == b""
    desk.transcript.close()


async def test_what_is_no_certificate_is_named_and_stays_to_be_seen():
    desk = Desk()
    with pytest.raises(LocalMisuse, match="it holds a private key"):
        await desk.controller.open_octets(ec_key().private_bytes(PEM, PKCS8, CLEAR), "the clipboard")
    assert desk.state.phase == "failed"
    assert [entry.title for entry in desk.state.entries[0].children] == [
        "a private key (EC), not protected by a password"
    ]
    with pytest.raises(LocalMisuse, match="is a web page"):
        await desk.controller.open_octets(b"<html>", "page.pem")
    assert desk.state.entries == ()
    with pytest.raises(LocalFault):
        await desk.controller.open_file("/nowhere/at.all")
    desk.transcript.close()


async def test_a_damaged_one_is_shown_as_far_as_it_goes():
    desk = Desk()
    await desk.controller.open_octets(GOOD_PEM[: len(GOOD_PEM) // 2], "cut")
    assert desk.state.verdict.word == "refused"
    (paper,) = desk.state.entries[1].children
    assert paper.sign == "bad"
    assert paper.fields[0].name == "Damaged"
    assert "END is missing" in paper.fields[0].text
    desk.transcript.close()


async def test_a_large_file_gives_others_their_turn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "SLICE_S", 0.0)
    desk = Desk()
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.ensure_future(others())
    await desk.controller.open_octets(pem(SERVER.der) * 60, "many")
    task.cancel()
    assert turns > 60
    assert len(desk.state.entries[1].children) == 60
    desk.transcript.close()


async def test_one_that_is_enormous_is_read_by_another_process(monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    async def in_process(call, piece):
        asked.append(len(piece.data))
        return call(piece)

    monkeypatch.setattr(module, "in_process", in_process)
    desk = Desk()
    bomb = b"\x30\x00" * 50_000
    with pytest.raises(LocalMisuse, match=r"ASN\.1 that is no certificate"):
        await desk.controller.open_octets(b"\x30\x84" + len(bomb).to_bytes(4) + bomb, "bomb")
    assert asked == [len(bomb) + 6]
    desk.transcript.close()


async def test_what_was_done_leaves_as_code():
    desk = Desk()
    for copy in (
        desk.controller.copy_as_python,
        desk.controller.copy_as_openssl,
        desk.controller.copy_as_pem,
    ):
        with pytest.raises(LocalMisuse, match="nothing was opened yet"):
            copy()
    state = await desk.look()
    assert "server_hostname=NAME" in desk.controller.copy_as_python()
    assert "s_client" in desk.controller.copy_as_openssl()
    assert desk.controller.copy_as_pem() == (pem(SERVER.der) + pem(BETWEEN.der)).decode()
    assert state.form.target.rpartition(":")[2] in desk.controller.copy_as_openssl()
    await desk.controller.open_octets(GOOD_PEM, "pasted")
    assert "load_pem_x509_certificates" in desk.controller.copy_as_python()
    assert "openssl x509" in desk.controller.copy_as_openssl()
    desk.transcript.close()


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("controller", ("OpenSSL", "cryptography", "PySide6")), ("view", ("OpenSSL", "cryptography"))],
)
def test_nothing_heavy_is_loaded_until_it_is_used(module: str, heavy: tuple[str, ...]):
    script = (
        f"import sys; import workbench.panels.certificates.{module}\n"
        f"print(*(set({heavy!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
