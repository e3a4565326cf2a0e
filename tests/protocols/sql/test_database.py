"""Which database an address means, and the password that was in it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import LocalMisuse
from workbench.formats.target import parse_target
from workbench.protocols.sql.database import Database, read_database


def read(text: str, **said: str) -> Database:
    return read_database(parse_target(text), **said)


@pytest.mark.parametrize(
    ("text", "path", "mode"),
    [
        ("sqlite:/tmp/a b.db", "/tmp/a b.db", "rw"),
        ("sqlite:x.db?mode=ro", "x.db", "ro"),
        ("sqlite:x.db?mode=rwc", "x.db", "rwc"),
        ("sqlite:what?.db", "what?.db", "rw"),
        ("sqlite::memory:", ":memory:", "rw"),
    ],
)
def test_a_file(text: str, path: str, mode: str):
    assert read(text) == Database("sqlite", path, mode)  # type: ignore[arg-type]  # as text
    assert read(text).title == f"sqlite:{path}"


def test_a_server():
    found = read("postgresql://anna%40x@h.example:5433/my%20db?sslmode=verify-full&sslrootcert=/ca.pem")
    assert (found.host, found.port, found.user, found.name) == ("h.example", 5433, "anna@x", "my db")
    assert (found.tls, found.authorities) == ("verify-full", "/ca.pem")
    assert found.title == "anna@x@h.example:5433/my db"
    assert read("postgresql://h", user="bob").name == "bob"
    assert read("postgres://h/d?user=u").user == "u"
    assert read("h:5432", user="u").port == 5432
    assert read("postgresql://u@localhost/d?host=/run/pg").socket == "/run/pg"
    assert read("postgresql://u@h/d?sslmode=disable", tls="require").tls == "require"


@pytest.mark.parametrize(
    "text",
    [
        "http://h/",
        "sqlite:x?mode=odd",
        "sqlite:\udcff",
        "postgresql://u@h/d?nix=1",
        "postgresql://u@h/d?sslmode=maybe",
        "unix:/x",
    ],
)
def test_what_is_none_is_a_mistake_with_its_place(text: str):
    with pytest.raises(LocalMisuse) as caught:
        read(text)
    assert caught.value.start is not None
    assert caught.value.advice


@given(st.text(alphabet="abc/?=&%:;@sslmode", max_size=30))
def test_any_path_is_read_or_a_mistake(path: str):
    with contextlib.suppress(LocalMisuse):
        assert read_database(parse_target("postgresql://u@h/")._replace(path="/" + path)).host == "h"
