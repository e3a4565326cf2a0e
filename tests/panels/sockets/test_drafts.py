"""The options of a session survive a restart, junk does not, and there is no place for a password."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.panels.sockets.drafts import tls_form, way_form
from workbench.protocols.raw.protection import TlsForm
from workbench.protocols.raw.wayform import WayForm

junk = st.dictionaries(
    st.sampled_from([*TlsForm._fields, *WayForm._fields, "password", "x"]),
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text(), max_size=2),
)


@given(junk | st.none() | st.text())
def test_whatever_stands_in_the_file_a_form_comes_out(values):
    tls, way = tls_form(values), way_form(values)
    assert tls_form(tls._asdict()) == tls
    assert way_form(way._asdict()) == way
    assert "password" not in {**tls._asdict(), **way._asdict()}


def test_a_form_comes_back_as_it_was():
    tls = TlsForm(
        True, "show", "file", "/ca", "other", "x.test", "h2", "1.2", "1.3", "file", "/c", "/k", "ask"
    )
    way = WayForm("lab:proxy-http", "me", "127.0.0.2", "TTL=3")
    assert tls_form(tls._asdict()) == tls
    assert way_form(way._asdict()) == way


def test_an_unknown_choice_stays_at_first():
    assert tls_form({"trust": "everybody", "is_on": 1, "alpn": "h2"}) == TlsForm(alpn="h2")
