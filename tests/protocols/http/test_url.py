"""Web addresses: taken apart, and joined with what a redirect says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.http.url import connects_to, led_to, read_url


@pytest.mark.parametrize(
    ("text", "secure", "authority", "path"),
    [
        ("http://example.com", False, "example.com", "/"),
        ("http://example.com:8080/a?b#c", False, "example.com:8080", "/a?b"),
        ("https://example.com/", True, "example.com", "/"),
        ("https://example.com:80/", True, "example.com:80", "/"),
        ("http://[::1]:81/x", False, "[::1]:81", "/x"),
        ("http://[fe80::1%25eth0]/x", False, "[fe80::1]", "/x"),
        ("http://example.com?q=1", False, "example.com", "/?q=1"),
        ("http://example.com/\u00fc%20|", False, "example.com", "/%C3%BC%20|"),
        ("http://b\u00fccher.example/", False, "xn--bcher-kva.example", "/"),
        ("127.0.0.1:8080", False, "127.0.0.1:8080", "/"),
        ("lab:http/page", False, "localhost", "/page"),
        ("lab:https", True, "localhost", "/"),
    ],
)
def test_an_address_is_taken_apart(text: str, secure: bool, authority: str, path: str):
    url = read_url(text)
    assert (url.is_secure, url.authority, url.path) == (secure, authority, path)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("ftp://h/", (0, 3)),
        ("unix:/run/x", (0, 4)),
        ("http://[::1/", (7, 8)),
        ("http://h:abc/", (9, 12)),
        ("http://h/a b", (10, 11)),
        ("http://h/a\r\nX: y", (10, 11)),
        ("www.example.com", (0, 0)),
        ("http://u:p@h/", (7, 11)),
    ],
)
def test_what_is_no_address_of_the_web_is_refused_with_the_place(text: str, at: tuple[int, int]):
    with pytest.raises(LocalMisuse) as caught:
        read_url(text)
    assert (caught.value.start, caught.value.end) == at


def test_tls_may_be_asked_for_where_the_address_says_nothing():
    assert read_url("127.0.0.1:8443", is_secure=True).is_secure
    assert read_url("lab:http", is_secure=True).is_secure


def test_it_leads_to_a_place_and_expects_a_name():
    assert connects_to(read_url("http://h:8/x")) == Target("tcp", "h", 8)
    assert connects_to(read_url("lab:http/x")) == Target("lab", "http", None, "/x")


@pytest.mark.parametrize(
    ("base", "location", "leads_to"),
    [
        ("http://h/a/b?c", "d", "http://h/a/d"),
        ("http://h/a/b", "/d?e=1", "http://h/d?e=1"),
        ("http://h:81/a/b", "../../../d", "http://h:81/d"),
        ("http://h/a?b", "?c", "http://h/a?c"),
        ("http://h/a", "", "http://h/a"),
        ("https://h/a", "//other/x", "https://other/x"),
        ("http://h/a", "HTTPS://h/x", "HTTPS://h/x"),
        ("http://h/a", "/a b\u00e9", "http://h/a%20b%C3%A9"),
        ("lab:http/a/b", "c", "lab:http/a/c"),
        ("lab:http/a", "http://127.0.0.1:8/c", "http://127.0.0.1:8/c"),
        ("h:81", "/x", "http://h:81/x"),
        ("http://[::1]:81/", "/x", "http://[::1]:81/x"),
    ],
)
def test_a_location_joins_the_address_that_answered_it(base: str, location: str, leads_to: str):
    assert led_to(read_url(base), location).text == leads_to


@pytest.mark.parametrize(
    "location",
    [
        "file:/etc/passwd",
        "lab:ftp/x",
        "javascript:alert(1)",
        "data:text/plain,x",
        "http://[::1/",
        "http://h:99999/",
        "http://u:p@h/",
        "mailto:a@b",
    ],
)
def test_some_places_no_server_may_send_us_to(location: str):
    with pytest.raises(LocalMisuse):
        led_to(read_url("http://h/"), location)


def test_tls_stays_where_a_redirect_names_no_scheme():
    assert led_to(read_url("h:8443", is_secure=True), "/x").is_secure
    assert led_to(read_url("lab:https"), "/x").text == "lab:https/x"


def test_origins_are_scheme_host_and_port():
    one = read_url("http://Example.com/a").origin
    assert one == read_url("http://example.com:80/b").origin
    assert one != read_url("https://example.com/").origin
    assert one != read_url("http://example.com:81/").origin
    assert read_url("lab:http/").origin != read_url("http://http/").origin


@given(st.text(max_size=60))
def test_any_location_leads_somewhere_or_is_refused(location: str):
    try:
        url = led_to(read_url("http://h/a"), location)
    except LocalMisuse:
        return
    assert url.target.scheme in ("http", "https")
    assert url.path.isascii()
    assert not set(url.path) & set("\r\n\0 ")


@pytest.mark.parametrize(
    ("text", "end", "advice"),
    [
        ("file:/etc/passwd", 4, "web open"),
        ("FILE:/x", 4, "web open"),
        ("data:,x", 4, "web open"),
        ("ftp://h/x", 3, "ftp get"),
        ("gopher://h/", 6, "web open"),
        ("imap://h/INBOX", 4, "mail list"),
        ("wss://h/", 3, "socket ws"),
        ("mailto:anna@lab.test", 6, "mail send"),
        ("example", 0, "http://example/"),
    ],
)
def test_what_another_part_speaks_is_said_with_its_name(text: str, end: int, advice: str):
    with pytest.raises(LocalMisuse) as caught:
        read_url(text)
    assert (caught.value.start, caught.value.end) == (0, end)
    assert advice in caught.value.advice


def test_a_host_may_be_called_like_a_scheme():
    assert read_url("ftp:80").authority == "ftp"
