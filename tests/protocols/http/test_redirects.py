"""What follows a redirect: method, body and logins, each decision named."""

import pytest

from workbench.protocols.http.head import parse
from workbench.protocols.http.redirects import after, in_circle, too_many
from workbench.protocols.http.values import Head, Login, Request


def redirect(status: int, location: str | None = "/there") -> Head:
    field = f"Location: {location}\r\n" if location is not None else ""
    return parse(f"HTTP/1.1 {status} X\r\n{field}\r\n".encode())


@pytest.mark.parametrize(
    ("status", "method", "becomes", "keeps_body"),
    [
        (301, "GET", "GET", True),
        (301, "POST", "GET", False),
        (302, "POST", "GET", False),
        (302, "PUT", "PUT", True),
        (303, "POST", "GET", False),
        (303, "PUT", "GET", False),
        (303, "HEAD", "HEAD", True),
        (307, "POST", "POST", True),
        (308, "POST", "POST", True),
        (308, "DELETE", "DELETE", True),
    ],
)
@pytest.mark.covers("C6.4")
def test_the_rule_of_each_status(status: int, method: str, becomes: str, keeps_body: bool):
    headers = (("Content-Type", "text/plain"), ("X-A", "1"))
    body = b"" if method in ("GET", "HEAD") else b"abc"
    found = after(Request("http://h/a", method, headers, body), redirect(status))
    assert found is not None
    assert found.request is not None
    assert (found.request.method, found.request.url) == (becomes, "http://h/there")
    assert found.request.body == (body if keeps_body else b"")
    assert found.request.headers == (headers if keeps_body else headers[1:])
    assert str(status) in found.rule
    assert bool(found.dropped) is not keeps_body


def test_nothing_follows_where_nothing_says_so():
    assert after(Request("http://h/"), redirect(200)) is None
    assert after(Request("http://h/"), redirect(304)) is None
    assert after(Request("http://h/"), redirect(300)) is None
    found = after(Request("http://h/"), redirect(302, None))
    assert found is not None
    assert (found.request, found.failure) == (None, None)
    assert "nowhere" in found.rule


@pytest.mark.parametrize("location", ["file:/etc/passwd", "gopher://h/", "http://[", "javascript:x"])
def test_some_places_are_refused(location: str):
    found = after(Request("http://h/"), redirect(302, location))
    assert found is not None
    assert found.request is None
    assert found.failure is not None
    assert (found.failure.kind, found.failure.stage) == ("Refused", "redirect")


SECRETS = (("Authorization", "Bearer x"), ("cookie", "a=1"), ("X-Other", "y"), ("Host", "h"))


@pytest.mark.parametrize(
    "location", ["http://other/", "http://h:81/", "https://h/", "//other/x", "http://h.other/"]
)
def test_another_origin_gets_no_login_no_cookie_and_not_the_old_name(location: str):
    request = Request("http://h/a", headers=SECRETS, login=Login("u", "p"))
    found = after(request, redirect(307, location))
    assert found is not None
    assert found.request is not None
    assert found.request.headers == (("X-Other", "y"),)
    assert found.request.login is None
    assert len(found.dropped) == 4
    assert all("another origin" in what for what in found.dropped)


def test_the_same_origin_keeps_them():
    request = Request("http://h/a", headers=SECRETS, login=Login("u", "p"))
    found = after(request, redirect(302, "http://H:80/b"))
    assert found is not None
    assert found.request is not None
    assert found.request.headers == SECRETS
    assert found.request.login is not None


def test_leaving_tls_and_sending_a_body_elsewhere_are_named():
    found = after(Request("https://h/", "POST", body=b"x"), redirect(307, "http://h/"))
    assert found is not None
    assert "leads out of TLS" in found.rule
    assert "body goes to another origin" in found.rule


def test_limits_and_circles_have_words():
    assert "10 redirects" in too_many(10).what
    assert "itself" in in_circle("http://h/", 1).what
    assert "3 hops" in in_circle("http://h/", 3).what
