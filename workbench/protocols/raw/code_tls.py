"""TLS in a copied script: the standard library's `ssl`, set up as the conversation was."""

from typing import NamedTuple

from workbench.wire.tls.values import AskClient, Version


class TlsRecipe(NamedTuple):
    """How the script does TLS.

    server_name: whom to expect, and to name (SNI) if sends_name. authorities: certificates as PEM that stand in the
    script itself; else trust_file: a file's name; else the system's. checks: whether an untrusted peer ends it.
    certificate, key: files' names; "" for none.
    """

    server_name: str = ""
    sends_name: bool = True
    alpn: tuple[str, ...] = ()
    lowest: Version = ""
    highest: Version = ""
    authorities: str = ""
    trust_file: str = ""
    checks: bool = True
    certificate: str = ""
    key: str = ""
    ask_client: AskClient = "no"


def client_context(tls: TlsRecipe) -> str:
    """Lines that make `context` for a client, and its SERVER_NAME."""
    lines = [_authorities(tls), f"context = ssl.create_default_context({_trust(tls)})\n"]
    if not tls.checks:
        lines.append("# The certificate is not judged: anybody may be at the other end.\n")
        lines.append("context.check_hostname = False\ncontext.verify_mode = ssl.CERT_NONE\n")
    elif not tls.server_name or not tls.sends_name:
        lines.append("# Without a name that is sent, this library compares none: only the chain is judged.\n")
        lines.append("context.check_hostname = False\n")
    lines.append(_common(tls))
    name = tls.server_name if tls.sends_name and tls.server_name else None
    lines.append(f"SERVER_NAME = {name!r}\n")
    return "".join(lines)


def server_context(tls: TlsRecipe) -> str:
    """Lines that make `context` for a server."""
    lines = [_authorities(tls), "context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH"]
    trust = _trust(tls)
    lines.append(f", {trust})\n" if trust else ")\n")
    if tls.ask_client != "no":
        mode = "CERT_REQUIRED" if tls.ask_client == "require" else "CERT_OPTIONAL"
        lines.append(f"context.verify_mode = ssl.{mode}\n")
    lines.append(_common(tls))
    return "".join(lines)


def _authorities(tls: TlsRecipe) -> str:
    return f'AUTHORITIES = """\n{tls.authorities.strip()}\n"""\n' if tls.authorities else ""


def _trust(tls: TlsRecipe) -> str:
    if tls.authorities:
        return "cadata=AUTHORITIES"
    return f"cafile={tls.trust_file!r}" if tls.trust_file else ""


def _common(tls: TlsRecipe) -> str:
    lines = []
    for bound, version in (("minimum", tls.lowest), ("maximum", tls.highest)):
        if version:
            lines.append(
                f"context.{bound}_version = ssl.TLSVersion.TLSv{version.replace('.0', '').replace('.', '_')}\n"
            )
    if tls.alpn:
        lines.append(f"context.set_alpn_protocols({list(tls.alpn)!r})\n")
    if tls.certificate:
        key = f", {tls.key!r}" if tls.key else ""
        lines.append(f"context.load_cert_chain({tls.certificate!r}{key})\n")
    return "".join(lines)
