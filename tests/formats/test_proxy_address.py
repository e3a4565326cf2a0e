"""Proxies as a person names them."""

import pytest

from workbench.errors import LocalMisuse
from workbench.formats.proxy_address import parse_proxy
from workbench.formats.target import parse_target


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("socks5://127.0.0.1:9050", "socks5", "socks5://127.0.0.1:9050"),
        ("socks5://proxy.test", "socks5", "socks5://proxy.test:1080"),
        ("http://[::1]:8080/", "http", "http://[::1]:8080"),
        ("lab:proxy-socks5", "socks5", "lab:proxy-socks5"),
        ("lab:proxy-http", "http", "lab:proxy-http"),
    ],
)
def test_a_proxy_is_its_kind_and_its_address(text: str, kind: str, target: str):
    proxy = parse_proxy(text)
    assert (proxy.kind, proxy.target, str(proxy)) == (kind, parse_target(target), target)


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1:80", "https://p.test:1", "lab:echo", "unix:/x", "http://p.test:1/path", "http://p.test", "x"],
)
def test_what_is_no_proxy_is_refused_with_its_place(text: str):
    with pytest.raises(LocalMisuse) as caught:
        parse_proxy(text)
    assert caught.value.start is not None
    assert caught.value.advice


def test_a_password_is_not_in_the_text_of_its_value():
    proxy = parse_proxy("lab:proxy-http")._replace(user="me", password="secret")
    assert "secret" not in repr(proxy) + str(proxy)
