"""The way to a peer as it is typed, and where it is wrong."""

import pytest

from workbench.protocols.raw.field import FieldMistake
from workbench.protocols.raw.values import Way
from workbench.protocols.raw.wayform import WayForm, read_way

FULL = WayForm("lab:proxy-http", "me", "127.0.0.2:4000", "NODELAY=1, TTL=3;linger=off")


def test_everything_is_read():
    way = read_way(FULL, "open sesame", role="client", transport="tcp")
    assert way.proxy is not None
    assert (way.proxy.user, way.proxy.password) == ("me", "open sesame")
    assert way.local is not None
    assert (way.local.host, way.local.port) == ("127.0.0.2", 4000)
    assert [str(setting) for setting in way.settings] == ["NODELAY=1", "TTL=3", "LINGER=off"]
    assert "sesame" not in repr(way)


def test_nothing_typed_is_nothing_asked_for():
    assert read_way(WayForm(), "", role="client", transport="tcp") == Way()


@pytest.mark.parametrize(("role", "transport"), [("listener", "tcp"), ("listener", "udp"), ("client", "udp")])
def test_what_a_session_has_not_is_left_out(role: str, transport: str):
    way = read_way(FULL, "", role=role, transport=transport)
    assert way.proxy is None
    assert (way.local is not None) == (role == "client")
    assert len(way.settings) == 3


@pytest.mark.parametrize(
    ("form", "field"), [(WayForm(proxy="lab:proxy-http"), "proxy"), (WayForm(local="127.0.0.2"), "local")]
)
def test_no_way_of_the_network_leads_to_a_unix_socket(form: WayForm, field: str):
    with pytest.raises(FieldMistake) as caught:
        read_way(form, "", role="client", transport="tcp", is_unix=True)
    assert caught.value.field == field
    assert read_way(form, "", role="listener", transport="tcp", is_unix=True) == Way()


@pytest.mark.parametrize(
    ("form", "password", "field", "place"),
    [
        (WayForm(proxy="http://"), "", "proxy", None),
        (WayForm(proxy="127.0.0.1:1"), "", "proxy", (0, 11)),
        (WayForm(proxy="lab:proxy-http", proxy_user="me"), "", "password", (0, 0)),
        (WayForm(proxy="lab:proxy-http"), "secret", "proxy_user", (0, 0)),
        (WayForm(local="unix:/x"), "", "local", (0, 7)),
        (WayForm(local="300.1.1.1"), "", "local", None),
        (WayForm(options="NODELAY=1 NODELY=1"), "", "options", (10, 16)),
        (WayForm(options="TTL=1,TTL=900"), "", "options", (10, 13)),
        (WayForm(options="TTL"), "", "options", (3, 3)),
    ],
)
def test_a_mistake_names_its_field_and_place(form: WayForm, password: str, field: str, place):
    with pytest.raises(FieldMistake) as caught:
        read_way(form, password, role="client", transport="tcp")
    assert caught.value.field == field
    if place is not None:
        assert (caught.value.start, caught.value.end) == place
    assert "secret" not in str(caught.value)
