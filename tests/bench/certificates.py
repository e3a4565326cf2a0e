"""A certificate of loopback and whom to trust for it, as files: for our TLS and for every peer's."""

from typing import NamedTuple

from tests.bench.children import Children


class Files(NamedTuple):
    """Paths of PEM files."""

    authority: str
    chain: str
    key: str


def files(children: Children) -> Files:
    """Made at the first call, in the folder of the children."""
    found = Files(*(str(children.folder / name) for name in ("authority.pem", "chain.pem", "key.pem")))
    if not (children.folder / "key.pem").exists():
        from workbench.lab.authority import Authority

        authority = Authority()
        identity = authority.server()
        for path, pem in zip(found, (authority.certificate, identity.chain, identity.key), strict=True):
            with open(path, "wb") as file:
                file.write(pem)
    return found
