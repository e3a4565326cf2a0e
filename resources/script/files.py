"""Files by FTP (ftplib), items by Gopher, and databases (sqlite3)."""

import ftplib
import io
import os
import shutil
import socket
import sqlite3
import tempfile
import urllib.request
import urllib.response

from .steps import PeerMisbehaved, symbol_of, tell


class Session(ftplib.FTP):
    """Keeps count of its connections, and where the server said that its data is."""

    connections, told, dialled = 0, "", ""

    def __init__(self, to, timeout_s):
        super().__init__(timeout=timeout_s)
        self.connect(*to)
        self.connections = 1
        self.login()

    def makepasv(self):
        answer = self.sendcmd("PASV")
        self.told = ftplib.parse227(answer)[0]
        # An address that is not the server's own is somebody else's door: it is not called.
        self.dialled = self.sock.getpeername()[0]
        return self.dialled, ftplib.parse227(answer)[1]

    def ntransfercmd(self, *given):
        self.connections += 1
        return super().ntransfercmd(*given)


class Listing:
    """The names in a folder."""

    def __init__(self, to, path, timeout_s=5.0):
        with Session(to, timeout_s) as ftp:
            names = [name for name, facts in ftp.mlsd(path) if facts.get("type") not in ("cdir", "pdir")]
            self.told, self.dialled, self.connections = ftp.told, ftp.dialled, ftp.connections
        self.entries, self.names, self.command = len(names), ", ".join(sorted(names)), "MLSD"
        tell(self.names)


class Fetched:
    """A file: its size is asked for before, since the end of a connection proves nothing."""

    def __init__(self, to, path, timeout_s=5.0):
        pieces = []
        with Session(to, timeout_s) as ftp:
            ftp.voidcmd("TYPE I")
            announced = ftp.size(path)
            self.reply = ftp.retrbinary(f"RETR {path}", pieces.append)
            self.told, self.dialled, self.connections = ftp.told, ftp.dialled, ftp.connections
        self.size = sum(map(len, pieces))
        if announced is not None and self.size != announced:
            raise PeerMisbehaved(f"{self.size} octets of {announced} came, and then: {self.reply}")
        tell(f"{self.size} octets, then {self.reply}")


class Asked:
    """A question to a Gopher server. rung: the phase in which it failed, "" for none."""

    def __init__(self, to, selector="", search=None, terminator="crlf", read=2048, timeout_s=5.0):
        line = selector if search is None else f"{selector}\t{search}"
        wire = line.encode() + {"crlf": b"\r\n", "lf": b"\n", "none": b""}[terminator]
        self.sent, self.rung, self.symbol, self.end = wire.decode(), "connect", "", ""
        self.text = self.refusal = self.kind = ""
        self.reads = self.octets = self.items = 0
        self.complete, self.body = False, b""
        try:
            with socket.create_connection(to, timeout_s) as connection:
                self.rung = "send"
                connection.sendall(wire)
                self.rung = "receive"
                while data := connection.recv(read):
                    self.reads += 1
                    self.body += data
        except OSError as error:
            self.symbol = symbol_of(error)
            tell(f"failed in the phase {self.rung}: {error}")
            return
        self.rung, self.end = "", "FIN"
        self.read_answer("7" if search is not None else "" if selector else "1")
        tell(f"{self.kind}, {self.octets} octets in {self.reads} reads")

    def read_answer(self, type):
        body, dot, _ = self.body.partition(b"\r\n.\r\n")
        self.complete = bool(dot)
        lines = body.split(b"\r\n")
        is_menu = all(line.count(b"\t") >= 3 for line in lines) and type != "0"
        self.kind, self.items = ("menu", len(lines)) if is_menu else ("text", 0)
        self.octets = len(self.body)
        self.text = (self.body if is_menu else body + dot[:2]).decode("utf-8", "replace")
        if lines[0].startswith(b"3") and is_menu:
            self.refusal = lines[0][1:].partition(b"\t")[0].decode("utf-8", "replace")


class Levels:
    """The same request on four levels of abstraction. calls: what a program on each level has to write."""

    CALLS = (
        ("socket", "connect", "sendall", "recv", "recv, until nothing comes", "close"),
        ("create_connection", "makefile", "write", "flush", "for line in file", "close"),
        ("fetch", "read"),
        ("open", "read"),
    )

    def __init__(self, to, selector="", timeout_s=5.0):
        self.sent = f"{selector}\r\n"
        self.to, self.line, self.timeout_s = to, self.sent.encode(), timeout_s
        bodies = [
            self.by_socket(),
            self.by_file(),
            fetch(to, self.line, timeout_s).read(),
            self.by_address(selector),
        ]
        self.identical, self.levels, self.octets = len(set(bodies)) == 1, len(bodies), len(bodies[0])
        self.calls = [len(calls) for calls in self.CALLS]
        tell(f"{'the same' if self.identical else 'not the same'} octets on {self.levels} levels")

    def by_socket(self):
        sock, body = socket.socket(), b""
        sock.settimeout(self.timeout_s)
        sock.connect(self.to)
        sock.sendall(self.line)
        while data := sock.recv(2048):
            body += data
        sock.close()
        return body

    def by_file(self):
        with socket.create_connection(self.to, self.timeout_s) as sock, sock.makefile("rwb") as file:
            file.write(self.line)
            file.flush()  # until here it only stood in the file's buffer
            return b"".join(file)

    def by_address(self, selector):
        opener = urllib.request.build_opener(GopherHandler)
        return opener.open(f"gopher://{self.to[0]}:{self.to[1]}/1{selector}", timeout=self.timeout_s).read()


def fetch(to, line, timeout_s):
    """What a module for the protocol does: ask, and give a file to read the answer from."""
    with socket.create_connection(to, timeout_s) as sock:
        sock.sendall(line)
        return io.BytesIO(b"".join(iter(lambda: sock.recv(2048), b"")))


class GopherHandler(urllib.request.BaseHandler):
    """What the standard library lacks: it answers "unknown url type: gopher" without this."""

    def gopher_open(self, request):
        host, _, port = request.host.partition(":")
        # One character of the path is the type of the item, and the server never hears of it.
        line = request.selector[2:].encode() + b"\r\n"
        return urllib.response.addinfourl(
            fetch((host, int(port)), line, request.timeout), {}, request.full_url
        )


class Database:
    """A session with a copy of a database: what is changed here meets nobody else."""

    folder = tempfile.TemporaryDirectory(prefix="experiment-")

    def __init__(self, path, timeout_s=5.0):
        copy = os.path.join(self.folder.name, os.path.basename(path))
        if not os.path.exists(copy):
            shutil.copy(path, copy)
        # Without isolation_level=None the module says BEGIN on its own before every change.
        self.connection = sqlite3.connect(copy, timeout=timeout_s, isolation_level=None)
        tell(f"SQLite {sqlite3.sqlite_version}")

    def run(self, *statements, values=()):
        for statement in statements:
            cursor = self.connection.execute(statement, values if "?" in statement else ())
            result = Result(cursor.fetchall(), max(cursor.rowcount, 0), self.connection.in_transaction)
        return result


class Result:
    """What a statement brought."""

    def __init__(self, rows, affected, is_open):
        self.rows, self.affected = len(rows), affected
        self.first = "" if not rows or rows[0][0] is None else str(rows[0][0])
        self.transaction = "open" if is_open else "idle"
        tell(
            f"{self.rows} rows{f', the first begins with {self.first!r}' if rows else ''}; {affected} changed"
        )
