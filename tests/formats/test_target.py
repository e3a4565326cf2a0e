"""Addresses: each form, each mistake with the picture a person sees, and the way back to text."""

import socket
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.ports import SCHEME_PORTS
from workbench.formats.target import MAX_TARGET, MAX_UNIX_PATH, Target, bracketed, parse_target

RIGHT = [
    ("example.com:80", ("tcp", "example.com", 80, "")),
    ("localhost:1", ("tcp", "localhost", 1, "")),
    ("127.0.0.1:65535", ("tcp", "127.0.0.1", 65535, "")),
    ("example.com.:00080", ("tcp", "example.com.", 80, "")),
    ("my_service:8080", ("tcp", "my_service", 8080, "")),
    ("_dmarc.example:53", ("tcp", "_dmarc.example", 53, "")),
    ("Example.COM:80", ("tcp", "Example.COM", 80, "")),
    ("bücher.example:80", ("tcp", "bücher.example", 80, "")),
    ("xn--bcher-kva.example:80", ("tcp", "xn--bcher-kva.example", 80, "")),
    ("[::1]:7", ("tcp", "::1", 7, "")),
    ("[2001:DB8::ffff:192.0.2.1]:7", ("tcp", "2001:DB8::ffff:192.0.2.1", 7, "")),
    ("[fe80::1%eth0]:80", ("tcp", "fe80::1%eth0", 80, "")),
    ("[fe80::1%25]:80", ("tcp", "fe80::1%25", 80, "")),
    ("lab:echo", ("lab", "echo", None, "")),
    ("LAB:udp-echo", ("lab", "udp-echo", None, "")),
    ("lab:web/", ("lab", "web", None, "/")),
    ("lab:web/a/b?c=d#e", ("lab", "web", None, "/a/b?c=d#e")),
    ("unix:/run/x.sock", ("unix", "", None, "/run/x.sock")),
    ("unix:a folder/x", ("unix", "", None, "a folder/x")),
    ("unix:///run/x", ("unix", "", None, "/run/x")),
    ("unix:/" + "a" * (MAX_UNIX_PATH - 1), ("unix", "", None, "/" + "a" * (MAX_UNIX_PATH - 1))),
    ("unix:/\udcff", ("unix", "", None, "/\udcff")),
    ("unix:./~/x", ("unix", "", None, "./~/x")),
    ("tcp://127.0.0.1:5", ("tcp", "127.0.0.1", 5, "")),
    ("udp://[::1]:5", ("udp", "::1", 5, "")),
    ("http://example.com", ("http", "example.com", 80, "")),
    ("HTTPS://example.com/a/b?c=d:e#f", ("https", "example.com", 443, "/a/b?c=d:e#f")),
    ("http://example.com?q=a@b", ("http", "example.com", 80, "?q=a@b")),
    ("http://example.com:8080/é", ("http", "example.com", 8080, "/é")),
    ("ftp://[fe80::1%25eth0]/x", ("ftp", "fe80::1%eth0", 21, "/x")),
    ("ftp://[fe80::1%25]/x", ("ftp", "fe80::1%25", 21, "/x")),
    ("postgresql://db.example/name", ("postgresql", "db.example", 5432, "/name")),
    ("my+own-scheme.1://x:9", ("my+own-scheme.1", "x", 9, "")),
]


@pytest.mark.parametrize(("text", "parts"), RIGHT)
def test_every_form_is_taken_apart(text: str, parts: tuple[str, str, int | None, str]) -> None:
    target = parse_target(text)
    assert target[:4] == parts
    assert target.text == text


@pytest.mark.parametrize("text", [text for text, _ in RIGHT])
def test_what_was_read_can_be_written_and_read_again(text: str) -> None:
    target = parse_target(text)
    assert parse_target(str(target)) == target


def test_the_written_form_is_the_plain_one() -> None:
    assert str(parse_target("tcp://[::1]:07")) == "[::1]:7"
    assert str(parse_target("http://h/x")) == "http://h:80/x"
    assert str(parse_target("ftp://[fe80::1%25eth0]")) == "ftp://[fe80::1%25eth0]:21"
    assert str(parse_target("unix:///run/x")) == "unix:/run/x"
    assert str(Target("udp", "::1", 9)) == "udp://[::1]:9"


PICTURES = [
    # text, where the caret stands, what the sentence says, what the advice says
    ("", "^", "empty", "HOST:PORT"),
    ("example.com", "           ^", "the port is missing", "example.com:80"),
    ("example.com:", "            ^", "port behind the colon is missing", "number"),
    ("example.com:70000", "            ^^^^^", "ports end at 65535", "1 to 65535"),
    ("example.com:65536", "            ^^^^^", "ports end at 65535", "16 bits"),
    ("example.com:0", "            ^", "port 0", "listener"),
    ("example.com:-1", "            ^^", "not negative", "1 to 65535"),
    ("example.com:8O", "             ^", "'O'", "0 to 9"),
    ("example.com:80.0", "              ^", "'.'", "0 to 9"),
    ("example.com:0x50", "             ^", "'x'", "0 to 9"),
    ("example.com:http", "            ^^^^", "http is 80", "write example.com:80"),
    ("localhost:echo", "          ^^^^", "echo is 7", "write localhost:7"),
    ("localhost:nonsense", "          ^^^^^^^^", "'nonsense' is no port", "1 to 65535"),
    ("http:example.com", "     ^^^^^^^^^^^", "no port", "http://example.com"),
    ("host:８0", "     ^", "U+FF18", "keyboard"),
    ("host:²", "     ^", "U+00B2", "keyboard"),
    (":8080", "^", "host is missing", "localhost:8080"),
    ("8080", "^", "host before the port", "localhost:8080"),
    ("*:80", "^", "star", "0.0.0.0:80"),
    ("a:1:2", "   ^^", "second colon", "HOST:PORT"),
    ("::1:80", "^^^^^^", "brackets", "[::1]:80 or [::1:80]:PORT"),
    ("fe80::1%eth0", "^^^^^^^^^^^^", "brackets", "[fe80::1%eth0]:PORT"),
    ("2001:db8::1", "^^^^^^^^^^^", "brackets", "[2001:db8::1]:PORT"),
    ("1:2:3:4:5:6:7:8:99999", "^" * 21, "brackets", "[::1]:80"),
    ("[::1", "^", "never closed", "[::1]:80"),
    ("[::1]", "     ^", "the port is missing", "[::1]:80"),
    ("[::1]80", "     ^^", "only :PORT", "[::1]:80"),
    ("[]:1", " ^", "empty", "[::1]:80"),
    ("[localhost]:80", " ^^^^^^^^^", "IPv6", "localhost:80"),
    ("[::g]:80", "   ^", "hexadecimal", "a to f"),
    ("[1::2::3]:4", "     ^^", "second ::", "once"),
    ("[12345::]:1", " ^^^^^", "four hexadecimal", "colon"),
    ("[1:2]:3", " ^^^", "has two", "::"),
    ("[fe80::1%]:80", "         ^", "zone after %", "eth0"),
    ("[fe80::1%e/0]:80", "          ^^^^^^", "no path", "http://"),
    ("[fe80::1%abcdefghijklmnop]:80", "         ^^^^^^^^^^^^^^^^", "at most 15", "interface"),
    ("256.1.1.1:1", "^^^", "255", "0 to 255"),
    ("1.1.1.1000:1", "      ^^^^", "255", "0 to 255"),
    ("1.2.3:1", "^^^^^", "has three", "127.0.0.1"),
    ("1.2.3.4.5:1", "^^^^^^^^^", "has five", "127.0.0.1"),
    ("1.2.3.4.:1", "       ^", "missing beside this dot", "127.0.0.1"),
    ("1..3.4:1", " ^", "missing beside this dot", "127.0.0.1"),
    ("010.1.1.1:1", "^^^", "leading zero", "mean"),
    ("0x7f.0.0.1:1", "^^^^", "decimal", "hexadecimal"),
    ("a..b:1", "  ^", "part of the name is missing", "between two dots"),
    (".a:1", "^", "part of the name is missing", "between two dots"),
    ("-a.example:1", "^", "hyphen", "remove"),
    ("a-.example:1", " ^", "hyphen", "remove"),
    ("ex ample:1", "  ^", "a space", "remove"),
    (" example:1", "^", "begin with a space", "remove"),
    ("example:1  ", "         ^^", "end with a space", "remove"),
    ("exa\u00a0mple:1", "   ^", "U+00A0", "remove"),
    ("http://h/a b", "          ^", "path", "%20"),
    ("example:1\r\n", "         ^", "CR", "remove"),
    ("exa\0mple:1", "   ^", "NUL", "remove"),
    ("example:1\x1b[0m", "         ^", "ESC", "remove"),
    ("exa\x7fmple:1", "   ^", "U+007F", "remove"),
    ("exa\ud800mple:1", "   ^", "surrogate", "remove"),
    ("exa!mple:1", "   ^", "'!'", "letters"),
    ("exa*:1", "   ^", "'*'", "star"),
    ("a]:1", " ^", "']'", "[::1]:80"),
    ("host%eth0:1", "    ^", "'%'", "[fe80::1%eth0]"),
    ("h\\x:1", " ^", "'\\\\'", "/"),
    ("１２７.0.0.1:1", "^", "looks like '1'", "type 1"),
    ("exampleͺ.com:1", "       ^", "looks like", "type"),
    ("a。b:1", " ^", "no dot", "ASCII dot"),
    ("a\u200db:1", " ^", "invisible", "remove"),
    ("faß.de:1", "  ^", "two different names", "xn--fa-hia"),
    ("אa.example:1", "^^", "both writing directions", "xn--"),
    ("user@host:22", "^^^^^", "no user name", "remove"),
    ("http://user@host/", "       ^^^^^", "no user name", "remove"),
    ("host:1/x", "      ^^", "no path", "http://host:1/x"),
    ("/run/x", "^^^^^^", "path", "unix:/run/x"),
    ("tcp://host:1/", "            ^", "no path", "tcp://host:1"),
    ("://host", "^", "scheme", "http://"),
    ("1x://host", "^", "scheme", "http://"),
    ("h_x://host", " ^", "scheme", "http://"),
    ("http://", "       ^", "host is missing", "localhost"),
    ("http:///x", "       ^", "host is missing", "localhost"),
    ("http://h:/x", "         ^", "missing", "write 80 behind it"),
    ("foo://h", "       ^", "the port is missing", "foo://"),
    ("udp://h", "       ^", "the port is missing", "udp://h:80"),
    ("http://lab:web/x", "^^^^^^^", "without a scheme", "lab:web/x"),
    ("lab:", "    ^", "name of the Lab service", "lab:echo"),
    ("lab:/x", "    ^", "name of the Lab service", "lab:echo"),
    ("lab://echo", "    ^^", "no slashes", "lab:echo"),
    ("lab:Echo", "    ^", "small letters", "lab:echo"),
    ("lab:ec_ho", "      ^", "small letters", "lab:udp-echo"),
    ("lab:echo:7", "        ^^", "own port", "lab:echo"),
    ("lab:80", "    ^^", "has a name", "lab.:80"),
    ("lab:7up", "    ^", "begins with a letter", "lab:echo"),
    ("lab:echo-", "        ^", "hyphen", "remove"),
    ("lab:" + "a" * 41, "    " + "^" * 41, "at most 40", "lab:echo"),
    ("unix:", "     ^", "path of the socket is missing", "unix:/"),
    ("unix:~/x", "     ^", "~", "whole path"),
    ("unix://run/x", "     ^^", "two slashes", "unix:/"),
    ("unix:a\0b", "      ^", "NUL", "remove"),
    ("unix:a\nb", "      ^", "LF", "remove"),
    ("unix:/" + "ä" * 54, "     " + "^" * 55, "at most 107 octets, this has 109", "108"),
]


@pytest.mark.parametrize(("text", "carets", "what", "advice"), PICTURES)
def test_each_mistake_is_shown_where_it_is(text: str, carets: str, what: str, advice: str) -> None:
    with pytest.raises(LocalMisuse) as caught:
        parse_target(text)
    picture = caught.value.caret().split("\n")
    assert picture[1] == carets
    assert what in caught.value.what
    assert advice in caught.value.advice
    assert len(picture[0].encode("utf-8", "surrogatepass")) <= len(text.encode("utf-8", "surrogatepass"))


def test_the_longest_socket_path_is_the_systems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    if sys.platform != "linux":
        pytest.skip("sun_path is shorter on other systems")
    with socket.socket(socket.AF_UNIX) as listener:
        with pytest.raises(OSError, match="too long"):
            listener.bind("x" * (MAX_UNIX_PATH + 1))
        listener.bind(parse_target("unix:" + "x" * MAX_UNIX_PATH).path)


def test_a_label_of_64_octets_and_a_name_of_254_are_too_long() -> None:
    assert parse_target("a" * 63 + ":1").host == "a" * 63
    with pytest.raises(LocalMisuse, match="at most 63 octets, this has 64"):
        parse_target("a" * 64 + ":1")
    name = ".".join(["a" * 49] * 5 + ["b" * 3])
    assert len(name) == 253
    assert parse_target(f"{name}.:1").host == f"{name}."
    with pytest.raises(LocalMisuse, match="at most 253 characters, this has 254") as caught:
        parse_target(f"{name}b:1")
    assert (caught.value.start, caught.value.end) == (0, 254)


def test_a_password_does_not_travel_with_the_error() -> None:
    for text in ("me:s3cret@host:22", "http://me:s3cret@host/", "http://me:s3c@ret@host/"):
        with pytest.raises(LocalMisuse) as caught:
            parse_target(text)
        assert len(caught.value.text) == len(text)
        assert "s3c" not in repr(caught.value.as_dict())
        assert "ret" not in repr(caught.value.as_dict())
        assert caught.value.text[caught.value.start : caught.value.end].endswith("@")


def test_port_0_is_for_listeners() -> None:
    assert parse_target("127.0.0.1:0", listening=True).port == 0
    assert parse_target("[::]:0", listening=True) == Target("tcp", "::", 0)
    assert parse_target("udp://0.0.0.0:0", listening=True).scheme == "udp"
    with pytest.raises(LocalMisuse, match="nothing can be reached at port 0"):
        parse_target("127.0.0.1:0")


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "127.0.0.1:0"),
        (":80", "0.0.0.0:80"),
        ("8080", "127.0.0.1:8080"),
        ("*:80", "[::]:80"),
        ("127.0.0.1", "127.0.0.1:0"),
        ("lab:echo", "127.0.0.1:0"),
    ],
)
def test_a_listener_is_advised_as_a_listener(text: str, advice: str) -> None:
    with pytest.raises(LocalMisuse) as caught:
        parse_target(text, listening=True)
    assert advice in caught.value.advice


def test_a_missing_port_is_the_default_where_there_is_one() -> None:
    assert parse_target("example.com", default_port=53) == Target("tcp", "example.com", 53)
    assert parse_target("[::1]", default_port=53) == Target("tcp", "::1", 53)
    assert parse_target("udp://h", default_port=53).port == 53
    assert parse_target("http://h", default_port=53).port == 80
    with pytest.raises(LocalMisuse, match="behind the colon") as caught:
        parse_target("example.com:", default_port=53)
    assert "write 53" in caught.value.advice
    with pytest.raises(LocalMisuse, match="brackets"):
        parse_target("::1", default_port=53)


def test_a_caller_adds_schemes_of_its_own() -> None:
    assert parse_target("mine://h", ports={**SCHEME_PORTS, "mine": 4000}).port == 4000
    with pytest.raises(LocalMisuse, match="the port is missing"):
        parse_target("mine://h")


def test_an_endless_number_is_still_only_a_wrong_port() -> None:
    with pytest.raises(LocalMisuse, match="ports end at 65535"):
        parse_target("h:" + "9" * 8000)
    assert parse_target("h:" + "0" * 8000 + "80").port == 80
    with pytest.raises(LocalMisuse, match=f"at most {MAX_TARGET} characters") as caught:
        parse_target("h" * (MAX_TARGET + 5))
    assert (caught.value.start, caught.value.end) == (MAX_TARGET, MAX_TARGET + 5)


def test_targets_are_equal_when_they_mean_the_same() -> None:
    typed, made = parse_target("tcp://[::1]:007"), Target("tcp", "::1", 7)
    assert typed == made
    assert [typed].index(made) == 0
    assert (typed != made) is False
    assert hash(typed) == hash(made)
    assert typed != Target("udp", "::1", 7)
    assert typed != ("tcp", "::1", 7, "", "")
    assert len({typed, made}) == 1


def test_the_lab_is_asked_only_for_its_own() -> None:
    assert parse_target("lab:echo").is_lab
    assert not parse_target("lab.:80").is_lab


def test_a_resolver_is_given_the_ascii_form() -> None:
    assert parse_target("BÜCHER.example:80").ascii_host == "xn--bcher-kva.example"
    assert parse_target("Example.com:80").ascii_host == "Example.com"
    assert parse_target("[fe80::1%eth0]:80").ascii_host == "fe80::1%eth0"


def test_only_ipv6_is_bracketed() -> None:
    assert bracketed("::1") == "[::1]"
    assert bracketed("127.0.0.1") == "127.0.0.1"


HOSTS = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.ip_addresses(v=6).map(lambda address: f"{address}%eth0"),
    st.from_regex(r"[a-z0-9_]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{1,10}){0,3}", fullmatch=True).filter(
        lambda name: not name.replace(".", "").isdigit()
    ),
)


@given(host=HOSTS, port=st.integers(1, 65535), scheme=st.sampled_from(["tcp", "udp", "http", "x-y"]))
def test_any_target_survives_being_written(host: str, port: int, scheme: str) -> None:
    target = Target(scheme, host, port, "/a?b" if scheme in ("http", "x-y") else "")
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lab:tls-good", "localhost"),
        ("www.example.test:443", "www.example.test"),
        ("[fe80::1%eth0]:443", "fe80::1"),
        ("https://[fe80::1%25eth0]/", "fe80::1"),
        ("unix:/run/x", ""),
    ],
)
def test_the_name_that_tls_expects_is_the_hosts(text: str, name: str):
    assert parse_target(text).server_name == name
