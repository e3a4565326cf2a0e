"""Requests by HTTP whose answers are looked at octet by octet, downloads in attempts, and calls by XML-RPC."""

import hashlib
import http.client
import json
import socket
import urllib.parse
import xmlrpc.client
import zlib

from .steps import tell

MOST_BODY = 4 * 1024 * 1024
"""Octets that a body may have when its coding is undone."""
BECOME_GET = (301, 302, 303)


class Answer:
    """What a request came to, redirects followed. wire: octets that came behind the last head."""

    def __init__(self, to, path, text=b"", method="", timeout_s=5.0):
        self.method, self.hops, self.rule, self.problem = method or ("POST" if text else "GET"), 0, "", ""
        body = text
        while True:
            self.hops += 1
            self.head, self.came_all = talk(to, request_of(to, path, self.method, body), timeout_s)
            self.status = int(self.head[0].split()[1])
            where = self.field("location")
            if not 300 <= self.status < 400 or not where:
                break
            path = urllib.parse.urljoin(path, where)
            if self.method == "POST" and self.status in BECOME_GET:
                self.rule, self.method, body = self.rule or f"{self.status} makes POST a GET", "GET", b""
            else:
                self.rule = self.rule or f"{self.status} keeps the method"
        self.read()
        tell(f"{self.status}, {self.completeness}: {self.octets} octets in {self.hops} requests")

    def field(self, name):
        found = [line.partition(":")[2].strip() for line in self.head if line.lower().startswith(f"{name}:")]
        return found[0] if found else ""

    def read(self):
        self.wire, self.chunks = len(self.came_all), 0
        body = self.came_all
        if "chunked" in self.field("transfer-encoding").lower():
            body, self.completeness = self.unchunked()
        elif length := self.field("content-length"):
            self.completeness = "complete" if len(body) == int(length) else "truncated"
        else:
            # The end of the connection is all that there is, and it proves nothing.
            self.completeness = "unverifiable"
        self.came = len(body)
        data = self.decoded(body)
        self.octets, self.text = len(data), data[:4096].decode("utf-8", "replace")

    def unchunked(self):
        rest, body = self.came_all, b""
        while True:
            line, mark, rest = rest.partition(b"\r\n")
            size = int(line.split(b";")[0], 16) if mark else -1
            if size <= 0:
                return body, "complete" if size == 0 else "truncated"
            body += rest[:size]
            self.chunks += 1
            if len(rest) < size + 2:
                return body, "truncated"
            rest = rest[size + 2 :]

    def decoded(self, body):
        if self.field("content-encoding") not in ("gzip", "deflate"):
            return body
        coding = zlib.decompressobj(47)  # gzip or zlib, whichever it is
        data = coding.decompress(body, MOST_BODY)
        if coding.unconsumed_tail:
            # A bomb: a little on the wire that becomes more than anybody asked for.
            self.problem = "PeerMisbehaved"
        return data


def request_of(to, path, method, body):
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {to[0]}:{to[1]}",
        "Accept-Encoding: gzip",
        "Connection: close",
    ]
    if body:
        lines += [f"Content-Length: {len(body)}", "Content-Type: application/x-www-form-urlencoded"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def talk(to, request, timeout_s):
    """Send, and read to the end: the lines of the head, and what came behind it."""
    came = b""
    with socket.create_connection(to, timeout_s) as sock:
        sock.sendall(request)
        while data := sock.recv(65536):
            came += data
    head, _, rest = came.partition(b"\r\n\r\n")
    return head.decode("latin-1").split("\r\n"), rest


class Saved:
    """A download in attempts. policy: when it breaks off: resume, again or none; asked: the range of the last one."""

    RETRIES = 3

    def __init__(self, to, path, policy="resume", timeout_s=5.0):
        self.data, self.tag, self.size, self.whole, starts, ends = b"", "", 0, False, [], []
        while not self.whole and len(starts) <= (0 if policy == "none" else self.RETRIES):
            start = len(self.data) if policy == "resume" and self.tag else 0
            self.asked = f"bytes={start}-" if start else ""
            begun, how = self.attempt(to, path, start, timeout_s)
            starts.append(str(begun))
            ends.append(how)
            if how == "refused":
                break
        self.attempts, self.starts, self.ends = len(starts), ", ".join(starts), ", ".join(ends)
        self.octets, self.sha256 = len(self.data), hashlib.sha256(self.data).hexdigest()
        tell(f"{self.octets} octets in {self.attempts} attempts: {self.ends}")

    def attempt(self, to, path, start, timeout_s):
        """The first octet that was given, and how it ended."""
        fields = {"Accept-Encoding": "identity"}
        if start:
            # The server gives the rest only of the file that it began with; of another one it gives all.
            fields |= {"Range": self.asked, "If-Range": self.tag}
        connection = http.client.HTTPConnection(*to, timeout=timeout_s)
        try:
            connection.request("GET", path, headers=fields)
            answer = connection.getresponse()
            self.status, tag = answer.status, answer.getheader("ETag", "")
            if self.status == 206:
                place = answer.getheader("Content-Range", "")
                if tag != self.tag or place != f"bytes {start}-{self.size - 1}/{self.size}":
                    return start, "refused"
            elif self.status == 200:
                self.data, self.tag, self.size, start = (
                    b"",
                    tag,
                    int(answer.getheader("Content-Length", "0")),
                    0,
                )
            else:
                return start, "refused"
            try:
                self.data += answer.read()
            except http.client.IncompleteRead as cut:
                self.data += cut.partial
            self.whole = len(self.data) == self.size
            return start, "whole" if self.whole else "cut"
        finally:
            connection.close()


class Called:
    """What a call by XML-RPC came to. value: as JSON; fault: its number, 0 for none; status: of HTTP."""

    def __init__(self, to, method, arguments=b"[]", path="/", timeout_s=5.0):
        self.value, self.type, self.fault, self.said, self.status = "", "", 0, "", 200
        socket.setdefaulttimeout(timeout_s)
        with xmlrpc.client.ServerProxy(f"http://{to[0]}:{to[1]}{path}", allow_none=True) as server:
            try:
                value = getattr(server, method)(*json.loads(arguments))
                self.value, self.type = json.dumps(value), type(value).__name__
            except xmlrpc.client.Fault as fault:
                self.fault, self.said = fault.faultCode, fault.faultString
            except xmlrpc.client.ProtocolError as error:
                self.status, self.said = error.errcode, error.errmsg
        tell(self.value or f"{self.status}, fault {self.fault}: {self.said}")
