"""Trust stores: this machine's, certifi's, the Lab's, and files in every form."""

from pathlib import Path

import certifi
import pytest

from tests.protocols.certificates.authorities import BETWEEN, ROOT
from workbench.errors import LocalFault, LocalMisuse
from workbench.protocols.certificates.trust import as_pem_of, open_store, pem, read_file
from workbench.wire.tls.setup import pem_certificates
from workbench.wire.tls.values import Trust


async def no_lab() -> bytes:
    raise AssertionError("nobody asked for the Lab")


async def lab() -> bytes:
    return pem(ROOT.der)


async def test_the_system_and_the_lab():
    assert (await open_store("system", no_lab)).trust == Trust(True, b"")
    store = await open_store("lab", lab)
    assert (store.id, store.trust) == ("lab", Trust(False, pem(ROOT.der)))


@pytest.mark.parametrize("form", ["pem", "der"])
async def test_a_file_in_any_form(tmp_path: Path, form: str):
    path = tmp_path / "root"
    path.write_bytes(pem(ROOT.der) if form == "pem" else ROOT.der)
    store = await open_store(str(path), no_lab)
    assert (store.id, store.path) == ("file", str(path))
    assert len(pem_certificates(store.trust.certificates)) == 1
    assert str(path) in store.title


async def test_several_authorities_and_what_is_none(tmp_path: Path):
    path = tmp_path / "both.pem"
    path.write_bytes(pem(ROOT.der) + ROOT.identity().key + pem(BETWEEN.der))
    assert len(pem_certificates((await open_store(str(path), no_lab)).trust.certificates)) == 2
    with pytest.raises(LocalMisuse, match="no certificate to trust"):
        as_pem_of(ROOT.identity().key, "key.pem")


async def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(LocalFault, match="No such file") as failed:
        await open_store(str(tmp_path / "none.pem"), no_lab)
    assert failed.value.errno_name == "ENOENT"
    with pytest.raises(LocalMisuse, match="no name of a file"):
        read_file("a\0b")


async def test_certifi_brings_mozillas_roots():
    store = await open_store("certifi", no_lab)
    assert (store.id, store.path) == ("certifi", certifi.where())
    assert len(pem_certificates(store.trust.certificates)) > 100
    assert not store.trust.system
