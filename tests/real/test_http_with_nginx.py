"""Our client against nginx; curl against the Lab."""

import hashlib
import os
import select
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.kit.ports import free_port
from tests.kit.real import find_program
from tests.lab.houses import serving
from tests.lab.relay.relaying import relay_to
from workbench.errors import Refused, Untrusted
from workbench.formats.target import Target
from workbench.jobs.offload import in_thread
from workbench.lab.authority import lab_authority
from workbench.lab.services.http.files import octets_of_file
from workbench.protocols.http.attempts import Downloaded
from workbench.protocols.http.client import fetch
from workbench.protocols.http.download import Ways, download
from workbench.protocols.http.kept import KeptFile
from workbench.protocols.http.resume import Policy
from workbench.protocols.http.security import Security
from workbench.protocols.http.sink import File
from workbench.protocols.http.values import Exchange, Login, Request
from workbench.transcript.recorder import Transcript
from workbench.transcript.records import Direction
from workbench.wire.tls.values import Trust

SOON_S = 60.0
TEXT = b"<html><body>" + b"the same line again\n" * 3000 + b"</body></html>\n"
LARGE = b"".join(b"%07d\n" % line for line in range(2**18))
MIB = 2**20
RESUME = Policy("resume", 2, first_wait_s=0.0)
PASSWORDS = "anna:{PLAIN}sword fish\n"
CONFIGURATION = """
daemon off;
master_process off;
pid {place}/pid;
error_log stderr notice;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    types {{ text/html html; }}
    server {{
        listen 127.0.0.1:{port};
        listen 127.0.0.1:{tls_port} ssl;
        server_name localhost;
        ssl_certificate {place}/server.pem;
        ssl_certificate_key {place}/server.pem;
        root {place}/pages;
        absolute_redirect off;
        location /old {{ return 301 /page.html; }}
        location /moved {{ return 307 /none; }}
        location /secure {{ return 302 https://localhost:{tls_port}/page.html; }}
        location /packed/ {{ alias {place}/pages/; gzip on; gzip_min_length 1; }}
        location /private/ {{ alias {place}/pages/; auth_basic "nginx"; auth_basic_user_file {place}/users; }}
        location /dated/ {{ alias {place}/pages/; etag off; }}
        location /plain/ {{ alias {place}/pages/; max_ranges 0; }}
        location /later {{ return 503; add_header Retry-After 900 always; }}
        location /empty {{ return 204; }}
        location /teapot {{ return 418 "short and stout\\n"; }}
    }}
}}
"""


class Nginx(NamedTuple):
    """A running one."""

    port: int
    tls_port: int
    pages: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture(scope="module")
def nginx() -> Iterator[Nginx]:
    """nginx as an ordinary child, with a folder and a configuration of its own."""
    with tempfile.TemporaryDirectory(prefix="workbench-nginx-") as name:
        place = Path(name)
        place.chmod(0o755)
        (place / "pages" / "folder").mkdir(parents=True)
        (place / "pages" / "page.html").write_bytes(TEXT)
        (place / "pages" / "large.bin").write_bytes(LARGE)
        # A date within the second of the answer is no validator (RFC 9110 section 8.8.2.2).
        os.utime(place / "pages" / "large.bin", (1_700_000_000, 1_700_000_000))
        (place / "pages" / "folder" / "index.html").write_bytes(b"in the folder\n")
        (place / "users").write_text(PASSWORDS)
        identity = lab_authority().server()
        (place / "server.pem").write_bytes(identity.chain + identity.key)
        port, tls_port = free_port(), free_port()
        configuration = place / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(place=place, port=port, tls_port=tls_port))
        program = find_program("nginx")
        assert program is not None
        command = [program, "-p", name, "-c", str(configuration), "-e", "stderr"]
        child = subprocess.Popen(command, stderr=subprocess.PIPE)
        try:
            wait_until_it_listens(child)
            yield Nginx(port, tls_port, place / "pages")
        finally:
            child.terminate()
            child.wait(SOON_S)
            assert child.stderr is not None
            child.stderr.close()


def wait_until_it_listens(child: "subprocess.Popen[bytes]") -> None:
    """Its version is the first thing that it says, once its sockets are open."""
    assert child.stderr is not None
    said = b""
    while b"] " not in said or b"nginx/" not in said:
        assert select.select([child.stderr], [], [], SOON_S)[0], "nginx was not ready in time"
        piece = os.read(child.stderr.fileno(), 4096)
        assert piece, f"nginx did not begin: {said!r}"
        said += piece


def trusting() -> Security:
    return Security(trust=Trust(False, lab_authority().certificate))


async def got(request: Request, **options: object) -> Exchange:
    with closing(Transcript()) as transcript:
        return await fetch(request, transcript, **options)  # type: ignore[arg-type]


@pytest.mark.real("nginx")
async def test_pages_files_and_heads(nginx: Nginx, tmp_path: Path):
    page = await got(Request(f"{nginx.url}/page.html"))
    assert (page.status, page.body.data, page.completeness.kind) == (200, TEXT, "complete")
    assert page.head.first("server") is not None
    assert page.head.faults == ()
    large = await got(Request(f"{nginx.url}/large.bin"), sink=File(str(tmp_path / "f")))
    assert large.body.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert (tmp_path / "f").read_bytes() == LARGE
    head = await got(Request(f"{nginx.url}/large.bin", "HEAD"))
    assert (head.body.octets, head.head.first("content-length")) == (0, str(len(LARGE)))


@pytest.mark.real("nginx")
async def test_redirects_errors_and_answers_without_a_body(nginx: Nginx):
    moved = await got(Request(f"{nginx.url}/old"))
    assert [hop.answer.status for hop in moved.hops] == [301, 200]
    folder = await got(Request(f"{nginx.url}/folder"))
    assert (folder.last.url.text, folder.body.data) == (f"{nginx.url}/folder/", b"in the folder\n")
    again = await got(Request(f"{nginx.url}/moved", "POST", body=b"a=1"))
    assert (again.status, again.last.request.method) == (404, "POST")
    assert (await got(Request(f"{nginx.url}/empty"))).completeness.sentence == "an answer 204 has no body"
    assert (await got(Request(f"{nginx.url}/teapot"))).body.data == b"short and stout\n"
    wrong = await got(Request(f"{nginx.url}/page.html", "BREW"))
    assert wrong.status == 405
    long_field = (("X-Long", "y" * 9000),)
    assert (await got(Request(f"{nginx.url}/", headers=long_field))).status == 400


@pytest.mark.real("nginx")
async def test_gzip_and_chunks(nginx: Nginx):
    packed = await got(Request(f"{nginx.url}/packed/page.html", headers=(("Accept-Encoding", "gzip"),)))
    assert packed.body.data == TEXT
    assert packed.body.encoded is not None
    assert packed.body.encoded.octets < len(TEXT) // 10
    assert packed.chunks.number >= 1
    assert packed.completeness.kind == "complete"
    plain = await got(Request(f"{nginx.url}/packed/page.html"))
    assert (plain.body.encoded, plain.body.data) == (None, TEXT)


@pytest.mark.real("nginx")
async def test_a_login(nginx: Nginx):
    refused = await got(Request(f"{nginx.url}/private/page.html"))
    assert (refused.status, refused.head.first("www-authenticate")) == (401, 'Basic realm="nginx"')
    let_in = await got(Request(f"{nginx.url}/private/page.html", login=Login("anna", "sword fish")))
    assert (let_in.status, let_in.body.data) == (200, TEXT)
    assert (await got(Request(f"{nginx.url}/private/page.html", login=Login("anna", "x")))).status == 401


@pytest.mark.real("nginx")
async def test_tls_and_the_wrong_port(nginx: Nginx):
    url = f"https://localhost:{nginx.tls_port}/page.html"
    page = await got(Request(url), security=trusting())
    assert page.body.data == TEXT
    assert page.last.handshake is not None
    assert (page.last.handshake.verdict.trusted, page.last.handshake.alpn) == (True, "http/1.1")
    with pytest.raises(Untrusted):
        await got(Request(url))
    secured = await got(Request(f"{nginx.url}/secure"), security=trusting())
    assert [hop.url.is_secure for hop in secured.hops] == [False, True]
    clear = await got(Request(f"http://localhost:{nginx.tls_port}/"))
    assert clear.status == 400


async def saved(
    nginx: Nginx, path: str, out: Path, policy: Policy = RESUME, *, cut: int | None = MIB
) -> tuple[Downloaded, bytes]:
    """A download whose first connection a relay ends behind so many octets; and what its last connection sent."""
    with closing(Transcript()) as transcript:
        straight = Target("tcp", "127.0.0.1", nginx.port)
        head = (await fetch(Request(f"{nginx.url}{path}", "HEAD"), transcript)).head.raw
        turned = {"cut_after": len(head) + cut, "direction": "to-client"} if cut is not None else {}
        async with relay_to(nginx.port, **turned) as (_relay, _told, port):
            ways = iter((Target("tcp", "127.0.0.1", port),))

            async def first_through_the_relay(_target: Target) -> Target:
                return next(ways, straight)

            got = await download(
                Request(f"{nginx.url}{path}"),
                transcript,
                KeptFile(str(out)),
                policy=policy,
                resume=True,
                ways=Ways(resolver=first_through_the_relay),
            )
        sent = transcript.stream(len(transcript.channels) - 1, Direction.SENT, "tcp")
        return got, sent.read(0, len(sent))


def ends(got: Downloaded) -> list[tuple[int, int, int, str, int]]:
    return [(each.asked, each.start, each.stop, each.ended, each.status) for each in got.attempts]


@pytest.mark.real("nginx")
@pytest.mark.parametrize("folder", ["", "/dated"])
async def test_a_download_that_is_cut_goes_on(nginx: Nginx, tmp_path: Path, folder: str):
    got, sent = await saved(nginx, f"{folder}/large.bin", tmp_path / "f")
    got.require_whole()
    assert ends(got) == [(0, 0, MIB, "cut", 200), (MIB, MIB, len(LARGE), "whole", 206)]
    assert b"\r\nRange: bytes=1048576-\r\nIf-Range: " in sent
    assert (b'If-Range: "' in sent) is (folder == "")
    assert (tmp_path / "f").read_bytes() == LARGE
    assert got.exchange.body.sha256 == hashlib.sha256(LARGE).hexdigest()


@pytest.mark.real("nginx")
async def test_a_file_that_changed_or_that_nginx_gives_no_part_of_is_begun_again(
    nginx: Nginx, tmp_path: Path
):
    got, _ = await saved(nginx, "/plain/large.bin", tmp_path / "f")
    assert ends(got) == [(0, 0, MIB, "cut", 200), (MIB, 0, len(LARGE), "whole", 200)]
    page = nginx.pages / "changing.bin"
    page.write_bytes(LARGE)
    got, _ = await saved(nginx, "/changing.bin", tmp_path / "g", Policy())
    assert ends(got) == [(0, 0, MIB, "cut", 200)]
    page.write_bytes(LARGE[::-1])
    os.utime(page, (1_700_000_000, 1_700_000_000))
    got, _ = await saved(nginx, "/changing.bin", tmp_path / "g", cut=None)
    assert ends(got) == [(MIB, 0, len(LARGE), "whole", 200)]
    assert "the file changed, its ETag was" in got.attempts[0].why
    assert (tmp_path / "g").read_bytes() == LARGE[::-1]


@pytest.mark.real("nginx")
async def test_who_has_all_of_it_hears_416_and_who_is_told_to_wait_too_long_does_not(
    nginx: Nginx, tmp_path: Path
):
    await saved(nginx, "/large.bin", tmp_path / "f", Policy())
    (tmp_path / "f.partial").write_bytes(LARGE)
    got, _ = await saved(nginx, "/large.bin", tmp_path / "f", cut=None)
    assert (got.is_whole, got.exchange.status, (tmp_path / "f").read_bytes()) == (True, 416, LARGE)
    got, _ = await saved(nginx, "/later", tmp_path / "g", cut=None)
    with pytest.raises(Refused, match="asks to wait 900 s"):
        got.require_whole()


def curl(*arguments: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["curl", "--silent", "--show-error", *arguments], capture_output=True, timeout=60)


@pytest.mark.real("curl")
async def test_curl_is_served_by_the_lab(tmp_path: Path):
    async with serving("http") as served:
        url = f"http://127.0.0.1:{served.port}"
        user, password = served.figures.address.accounts[0]
        page = await in_thread(
            curl, "--location", "--write-out", "%{http_code} %{num_redirects}", f"{url}/redirect"
        )
        assert page.stdout.endswith(b"</html>\n200 1")
        assert (await in_thread(curl, "--compressed", f"{url}/gzip")).stdout.count(b"\n") == 40
        assert (await in_thread(curl, f"{url}/chunked")).stdout == b"Each word of this line is a chunk.\n"
        let_in = await in_thread(curl, "--user", f"{user}:{password}", f"{url}/basic")
        assert let_in.stdout == b"Welcome, student.\n"
        (tmp_path / "f").write_bytes(bytes(2_000_000))
        sent = await in_thread(curl, "--form", f"file=@{tmp_path}/f", f"{url}/form")
        assert b": 2000000 octets" in sent.stdout
        # curl's own numbers: 18 partial file, 47 too many redirects, 52 nothing came, 56 receive error, 8 weird.
        for path, code in (
            ("/truncated", 18),
            ("/loop", 47),
            ("/wrong/nothing", 52),
            ("/wrong/bad-chunk", 56),
        ):
            assert (await in_thread(curl, "--location", f"{url}{path}")).returncode == code, path


@pytest.mark.real("curl")
async def test_curl_goes_on_with_a_file_of_the_lab(tmp_path: Path):
    out = tmp_path / "f"
    async with serving("http") as served:
        url = f"http://127.0.0.1:{served.port}/file?cut={MIB}"
        cut = await in_thread(curl, "--output", str(out), url)
        assert (cut.returncode, out.stat().st_size) == (18, MIB)
        rest = await in_thread(curl, "--output", str(out), "--continue-at", "-", url)
        assert (rest.returncode, out.read_bytes()) == (0, octets_of_file())


@pytest.mark.real("curl")
async def test_curl_trusts_the_labs_authority_and_no_other(tmp_path: Path):
    (tmp_path / "ca.pem").write_bytes(lab_authority().certificate)
    async with serving("https") as served:
        url = f"https://localhost:{served.port}/page"
        good = await in_thread(curl, "--cacert", str(tmp_path / "ca.pem"), url)
        assert b"Tide tables" in good.stdout
        assert (await in_thread(curl, url)).returncode == 60
