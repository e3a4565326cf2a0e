"""The same look as a script that runs without the workbench: Python, and openssl."""

import shlex
from typing import NamedTuple

from workbench.wire.tls.names import is_address
from workbench.wire.tls.values import Trust

MAX_EMBEDDED = 64 * 1024
"""Octets of authorities that a script repeats; a larger store is named instead."""


class Recipe(NamedTuple):
    """What a script looks at.

    host, port: never lab:NAME. name: expected; "" for none. trust: whom it believes; trust_path: a file that holds the
    same, for when they are too many to carry.
    """

    host: str
    port: int
    name: str
    trust: Trust
    trust_path: str = ""
    note: str = ""


def python(recipe: Recipe) -> str:
    """Connect, print the verdict and the certificate; exit code 1 when it is refused. Standard library alone."""
    authorities, path = _authorities(recipe)
    note = recipe.note or f"Look at the certificate of {recipe.host}:{recipe.port}."
    ca = f'AUTHORITIES = """\\\n{authorities}"""\n' if authorities else ""
    believing = "cadata=AUTHORITIES" if authorities else f"cafile={path!r}" if path else ""
    if recipe.name:
        # ssl checks the common name too if it is let; RFC 9525 forbids that.
        checking = "context.hostname_checks_common_name = False\n"
    else:
        checking = "context.check_hostname = False  # no name was compared\n"
    return f'''"""{note}"""

import socket
import ssl
import sys

ADDRESS = ({recipe.host!r}, {recipe.port})
NAME = {recipe.name or None!r}
{ca}

def look(context):
    """What was agreed, and the server's certificate as PEM."""
    with socket.create_connection(ADDRESS, timeout=30) as plain:
        with context.wrap_socket(plain, server_hostname=NAME) as secure:
            shown = secure.getpeercert(binary_form=True)
            return secure.version(), secure.cipher()[0], ssl.DER_cert_to_PEM_cert(shown)


context = ssl.create_default_context({believing})
{checking}refused = ""
try:
    version, cipher, certificate = look(context)
except ssl.SSLCertVerificationError as error:
    refused = error.verify_message
    # Look at it all the same, and say nothing on this connection.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    version, cipher, certificate = look(context)
print(version, cipher)
print(certificate, end="")
print("refused: " + refused if refused else "accepted")
sys.exit(1 if refused else 0)
'''


def openssl(recipe: Recipe) -> str:
    """The same by openssl s_client, for bash; its exit code is not 0 when the certificate is refused."""
    host = f"[{recipe.host}]" if ":" in recipe.host else recipe.host
    words = ["openssl", "s_client", "-connect", f"{host}:{recipe.port}", "-showcerts", "-verify_return_error"]
    if recipe.name and is_address(recipe.name):
        words += ["-noservername", "-verify_ip", recipe.name]
    elif recipe.name:
        words += ["-servername", recipe.name, "-verify_hostname", recipe.name]
    else:
        words += ["-noservername"]
    command = shlex.join(words)
    authorities, path = _authorities(recipe)
    if path:
        return f"{command} -no-CApath -no-CAstore -CAfile {shlex.quote(path)} </dev/null\n"
    if not authorities:
        return f"{command} </dev/null\n"
    return f"{command} -no-CApath -no-CAstore -CAfile <(cat <<'END'\n{authorities}END\n) </dev/null\n"


def python_of_file(pem: bytes) -> str:
    """Print what certificates hold, from a script that carries them."""
    return f'''"""Print what these certificates hold. Needs the package cryptography: pip install cryptography"""

from cryptography import x509

CERTIFICATES = b"""\\
{pem.decode("ascii")}"""

for certificate in x509.load_pem_x509_certificates(CERTIFICATES):
    print("subject:", certificate.subject.rfc4514_string())
    print("issuer:", certificate.issuer.rfc4514_string())
    print("serial:", format(certificate.serial_number, "x"))
    print("from", certificate.not_valid_before_utc, "to", certificate.not_valid_after_utc)
    for extension in certificate.extensions:
        print("critical" if extension.critical else "extension", extension.value)
    print()
'''


def openssl_of_file(pem: bytes) -> str:
    """The same by openssl, one command for each certificate."""
    marker = "-----BEGIN CERTIFICATE-----"
    parts = [marker + part for part in pem.decode("ascii").split(marker)[1:]]
    return "".join(f"openssl x509 -noout -text <<'END'\n{part}END\n" for part in parts)


def _authorities(recipe: Recipe) -> tuple[str, str]:
    """(those that a script carries, the file that it names instead); of this machine's store neither."""
    trust = recipe.trust
    if trust.system or not trust.certificates:
        return "", ""
    if len(trust.certificates) > MAX_EMBEDDED and recipe.trust_path:
        return "", recipe.trust_path
    return trust.certificates.decode("ascii").rstrip("\n") + "\n", ""
