"""TLS on a connection, by the standard library's ssl."""

import contextlib
import ssl
import tempfile

from .steps import Refused, tell


class Secured:
    """A socket under TLS: what TLS writes and wants to read passes through two buffers of ours.

    So a half may end alone (close_notify), which the module's own sockets can't. end: how the peer's half ended.
    """

    def __init__(self, connection, context, name):
        self.raw, self.connection, self.end = connection.sock, connection, "close_notify"
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name)

    def flush(self):
        if data := self.outgoing.read():
            self.raw.sendall(data)

    def run(self, call, *given):
        """A call of TLS, with as many octets from the peer as it asks for."""
        while True:
            try:
                result = call(*given)
            except ssl.SSLWantReadError:
                self.flush()
                if data := self.raw.recv(65536):
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            except ssl.SSLError:
                with contextlib.suppress(OSError):
                    self.flush()  # the alert that says why
                raise
            else:
                self.flush()
                return result

    def recv(self, limit):
        try:
            return self.run(self.tls.read, limit)
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLEOFError:
            self.end = "truncated"
            return b""
        except ssl.SSLError as error:
            raise judged_error(self.connection, error) from error

    def send(self, data):
        return self.run(self.tls.write, data)

    def shutdown(self, _how):
        """Say that we send no more (close_notify); what the peer still sends can be read."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        self.flush()

    def settimeout(self, seconds):
        self.raw.settimeout(seconds)

    def setsockopt(self, *option):
        self.raw.setsockopt(*option)

    def fileno(self):
        return self.raw.fileno()

    def close(self):
        self.raw.close()


def judged_error(connection, error):
    """A refusal where the peer has sent an alert; else as it is."""
    if connection.alert_by == "peer":
        return Refused(f"the peer refused by an alert: {connection.alert}")
    return error


def start_tls(
    connection,
    name="localhost",
    authority="",
    identity="",
    trust="lab",
    untrusted="stop",
    min_version="",
    max_version="",
    timeout_s=5.0,
):
    """Speak TLS from here on, with the one who has a certificate for that name.

    authority: the certificate to trust where trust is "lab", a file or PEM; identity: the same of our own and its key.
    """
    context = trusting(authority if trust == "lab" else "")
    if identity:
        show_identity(context, identity)
    if untrusted == "show":
        # The certificate is not judged: anybody may be at the other end.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for bound, version in (("minimum_version", min_version), ("maximum_version", max_version)):
        if version:
            setattr(context, bound, getattr(ssl.TLSVersion, f"TLSv{version.replace('.', '_')}"))

    def message(_sock, direction, _version, content, _kind, data):
        if content == 21 and len(data) == 2 and data[1] and not connection.alert:
            connection.alert = ALERTS.get(data[1], str(data[1]))
            connection.alert_by = "us" if direction == "write" else "peer"

    context._msg_callback = message  # the module's own window on the messages; it has no other
    connection.sock.settimeout(timeout_s)
    try:
        secured = Secured(connection, context, name)
        secured.run(secured.tls.do_handshake)
    except ssl.SSLCertVerificationError as error:
        connection.certificate_code = error.verify_code
        raise
    except ssl.SSLError as error:
        raise judged_error(connection, error) from error
    connection.sock = secured
    connection.tls_version, connection.cipher = secured.tls.version(), secured.tls.cipher()[0]
    connection.trusted = untrusted != "show"
    tell(
        f"{connection.tls_version}, {connection.cipher}; {'trusted' if connection.trusted else 'NOT judged'}"
    )


def trusting(authority):
    """A context that trusts this authority alone, a file or PEM; nobody where it is empty."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority.startswith("-----BEGIN"):
        context.load_verify_locations(cadata=authority)
    elif authority:
        context.load_verify_locations(authority)
    return context


def show_identity(context, identity):
    """Have a certificate and its key shown to who asks: a file, or PEM, which the module takes from files alone."""
    if not identity.startswith("-----BEGIN"):
        context.load_cert_chain(identity)
        return
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(identity)
        file.flush()
        context.load_cert_chain(file.name)


ALERTS = {
    10: "unexpected_message",
    20: "bad_record_mac",
    40: "handshake_failure",
    42: "bad_certificate",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    80: "internal_error",
    112: "unrecognized_name",
    116: "certificate_required",
}
