"""Trust stores by what a person chose: this machine's, certifi's (Mozilla's roots), the Lab's, a file's."""

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path

from workbench.errors import LocalFault, LocalMisuse
from workbench.formats.errno_words import symbol_of
from workbench.formats.x509.paper import MAX_OCTETS, read_papers
from workbench.jobs.offload import in_thread
from workbench.protocols.certificates.values import Store
from workbench.wire.tls.values import Trust

CHOICES = ("system", "certifi", "lab")
"""What is no file."""

LabCertificate = Callable[[], Awaitable[bytes]]
"""Gives the Lab's root as PEM, which starts the Lab where need be."""


async def open_store(choice: str, lab_certificate: LabCertificate) -> Store:
    """The store for a choice: one of CHOICES, else the name of a file.

    Raises: LocalFault: it can't be read; LocalMisuse: the file holds no certificate;
        LinkLost of the Lab.
    """
    if choice == "system":
        return Store("system", "this machine's store", Trust(True))
    if choice == "lab":
        return Store("lab", "the Lab's authority", Trust(False, await lab_certificate()))
    if choice == "certifi":
        path = _certifi()
        return Store("certifi", "certifi's store", await _of_file(path), path)
    return Store("file", f"the authorities of {choice}", await _of_file(choice), choice)


async def _of_file(path: str) -> Trust:
    # In a thread: a network folder that hangs must not hang the window, nor Ctrl-C.
    return Trust(False, as_pem_of(await in_thread(read_file, path), path))


def read_file(path: str) -> bytes:
    """A file of certificates, bounded. Raises: LocalFault; LocalMisuse: it is too large, or no name of a file."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_OCTETS + 1)
    except OSError as error:
        raise LocalFault(
            f"{path} can't be read: {error.strerror}", stage="open", errno_name=symbol_of(error)
        ) from error
    except ValueError as error:
        raise LocalMisuse(f"{path!r} is no name of a file", text=path, start=0, end=len(path)) from error
    return data


def as_pem_of(data: bytes, name: str) -> bytes:
    """The certificates of a file in any form as PEM. Raises: LocalMisuse: there is none."""
    found = [
        paper.data for paper in read_papers(data, name) if paper.kind == "certificate" and not paper.fault
    ]
    if not found:
        raise LocalMisuse(
            f"there is no certificate to trust in {name}",
            stage="open",
            advice="give a file of authorities, PEM or DER",
        )
    return b"".join(map(pem, found))


def pem(der: bytes) -> bytes:
    """One certificate as PEM (RFC 7468 section 5)."""
    encoded = base64.b64encode(der)
    lines = [encoded[at : at + 64] for at in range(0, len(encoded), 64)]
    return b"\n".join((b"-----BEGIN CERTIFICATE-----", *lines, b"-----END CERTIFICATE-----", b""))


def _certifi() -> str:
    import certifi

    return certifi.where()
