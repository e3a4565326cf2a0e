""" "Copy as" openssl: the same asking, by the program that most machines have."""

import shlex

from workbench.formats.target import Target
from workbench.protocols.starttls.values import BY_NAME


def openssl(target: Target, name: str) -> str:
    """A command line of openssl s_client that changes over to TLS in the same way."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    place = shlex.quote(f"{host}:{target.port or BY_NAME[name].port}")
    named = f" -xmpphost {shlex.quote(target.host)}" if name == "xmpp" else ""
    return f"openssl s_client -connect {place} -starttls {name}{named} -verify_return_error\n"
