"""One client of the FTP server, in pyftpdlib's classes: the switches at work, the octets counted."""

import asyncio
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

from workbench.lab.services.ftp.library import (
    AbstractedFS,
    DummyAuthorizer,
    FTPHandler,
    TLS_DTPHandler,
    TLS_FTPHandler,
)
from workbench.lab.switches import Turned
from workbench.transcript.recorder import Channel

BANNER = "Network Workbench Lab FTP"
WRONG_LOGIN_AFTER_S = 0.3
"""As real servers do, so that nobody tries many; theirs are three seconds, which no experiment has to wait."""
HOSTILE = ("../escaped.txt", "/etc/escaped.txt", "a\\..\\b", "bell\x07.txt", "nul")
"""Names that no honest server has in a listing; a client that believes them writes where it should not."""
_CUT_REPLIES = {
    "426": "426 Connection closed; transfer aborted.",
    "226": "226 Transfer complete.",
    "nothing": "",
}


class Files(AbstractedFS):  # type: ignore[misc]  # pyftpdlib has no types
    """The tree; with hostile names in its listings where the switch asks for them."""

    def format_mlsx(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        """The lines of MLSD and MLST."""
        yield from super().format_mlsx(*args, **kwargs)
        if self.cmd_channel.tells_hostile_names:
            yield from (f"type=file;size=6; {name}\r\n".encode() for name in HOSTILE)

    def format_list(self, *args: Any, **kwargs: Any) -> Iterator[bytes]:
        """The lines of LIST."""
        yield from super().format_list(*args, **kwargs)
        if self.cmd_channel.tells_hostile_names:
            yield from (
                f"-rw-r--r--   1 lab      lab             6 Mar 01 12:30 {name}\r\n".encode()
                for name in HOSTILE
            )


class DataSession(TLS_DTPHandler):  # type: ignore[misc]  # as above
    """A data connection that counts, and can be cut."""

    def use_sendfile(self) -> bool:
        """Never: octets that the system copies by itself are neither counted nor cut."""
        return False

    def send(self, data: bytes) -> int:
        """Send what the switch leaves."""
        limit = self.cmd_channel.cut_data_after
        if limit is not None:
            data = data[: max(0, limit - self.tot_bytes_sent)]
        if not data:
            self._cut()
            return 0
        taken: int = super().send(data)
        self.cmd_channel.lane.sent(data[:taken])
        return taken

    def recv(self, buffer_size: int) -> bytes:
        """Take what the client sent."""
        data: bytes = super().recv(buffer_size)
        self.cmd_channel.lane.received(data)
        return data

    def _cut(self) -> None:
        reply = _CUT_REPLIES[self.cmd_channel.cut_reply]
        self._resp = (reply, self.cmd_channel.quiet) if reply else ()
        self.close()


class Session(TLS_FTPHandler):  # type: ignore[misc]  # as above
    """A control connection. Made for one server by session_class(); `ended` is done once it is closed."""

    dtp_handler = DataSession
    abstracted_fs = Files
    banner = BANNER
    auth_failed_timeout = WRONG_LOGIN_AFTER_S
    use_gmt_times = True
    cut_data_after: int | None = None
    cut_reply = "426"
    delay_s = 0.0
    tells_hostile_names = False

    def __init__(self, conn: socket.socket, lane: Channel, ioloop: Any) -> None:
        self.lane = lane
        self.ended = asyncio.get_running_loop().create_future()
        # What pyftpdlib's own server would be to it; accepting is our business.
        door = SimpleNamespace(
            socket=SimpleNamespace(family=conn.family), backlog=5, ip_map=[], _accept_new_cons=_always
        )
        super().__init__(conn, door, ioloop)

    def quiet(self, *_message: object, **_more: object) -> None:
        """Log nothing: what a client does is no news of the Lab's."""

    log = logline = quiet

    def respond(self, resp: str, logfun: Any = None) -> None:
        """Send a reply."""
        self._last_response = resp
        self.lane.sent(f"{resp}\r\n".encode(self.encoding))
        self.push(resp + "\r\n")

    def respond_w_warning(self, resp: str) -> None:
        """Send a reply that pyftpdlib would also log."""
        self.respond(resp)

    def collect_incoming_data(self, data: bytes) -> None:
        """Take a piece of a command."""
        self.lane.received(data)
        super().collect_incoming_data(data)

    def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
        """Obey, at once or after the delay."""
        if self.delay_s:
            self.ioloop.call_later(self.delay_s, self._obey, line, cmd, arg, _errback=self.handle_error)
        else:
            super().pre_process_command(line, cmd, arg)

    def _obey(self, line: str, cmd: str, arg: str) -> None:
        if not self._closed:
            super().pre_process_command(line, cmd, arg)

    def close(self) -> None:
        """Close both connections."""
        super().close()
        if not self.ended.done():
            self.ended.set_result(None)


def _always() -> bool:
    return True


def session_class(turned: Turned, root: str, user: str, password: str, tls_context: object) -> type[Session]:
    """The class of one server's sessions, as its switches are turned."""
    authorizer = DummyAuthorizer()
    authorizer.add_anonymous(root)
    authorizer.add_user(user, password, root, perm="elradfmwMT")
    hidden = {
        *(("MLSD", "MLST") if not turned.flag("mlsd") else ()),
        *(("EPSV", "EPRT") if not turned.flag("epsv") else ()),
        *(("AUTH", "PBSZ", "PROT") if turned.text("tls") == "none" else ()),
    }
    commands: dict[str, Any] = (
        TLS_FTPHandler.proto_cmds if turned.text("tls") != "none" else FTPHandler.proto_cmds
    )
    must = turned.text("tls") == "required"
    return cast(
        "type[Session]",
        type(
            "TurnedSession",
            (Session,),
            {
                "authorizer": authorizer,
                "proto_cmds": {name: about for name, about in commands.items() if name not in hidden},
                "ssl_context": tls_context,
                "tls_control_required": must,
                "tls_data_required": must,
                "masquerade_address": turned.text("pasv_address") or None,
                "cut_data_after": turned.maybe("cut_data_after"),
                "cut_reply": turned.text("cut_reply"),
                "delay_s": turned.count("delay_ms") / 1000,
                "tells_hostile_names": turned.text("names") == "hostile",
            },
        ),
    )
