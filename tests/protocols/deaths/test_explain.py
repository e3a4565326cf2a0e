"""Every death, every call and every symbol that is recorded has a sentence."""

import pytest

from workbench.protocols.deaths.explain import UNTOLD, explain
from workbench.protocols.deaths.values import CALLS, DEATHS, Cell
from workbench.transcript.recorder import Transcript


@pytest.fixture
def transcript():
    made = Transcript()
    yield made
    made.close()


def said(transcript, name: str, **values):
    channel = transcript.open("x", "tcp")
    return explain(transcript, transcript[channel.fact(name, **values)])


@pytest.mark.parametrize("death", [death.id for death in DEATHS])
def test_every_death_is_told(transcript, death):
    told = said(transcript, "death.came", death=death)
    assert told.what.startswith("the peer ")
    assert told.text
    assert told.source
    assert said(transcript, "death.came", death="meteor").what == "the peer is gone"


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "symbol", ["", "ECONNRESET", "EPIPE", "ENOTCONN", "ETIMEDOUT", "EOF", "POLLIN|POLLRDHUP"]
)
def test_every_call_is_told(transcript, call, symbol):
    told = said(transcript, "death.call", **Cell("fin", call.id, "error", symbol, 1.0, "took 14")._asdict())
    assert told.what == f"{call.title}: {symbol or 'took 14'}"
    assert told.text
    assert told.source
    assert (told.text == UNTOLD) == (symbol == "")


def test_the_rest_is_the_wires(transcript):
    assert said(transcript, "finish.sent").what
    assert said(transcript, "nothing.known") is None
    assert (
        said(transcript, "death.call", call="pray", symbol="", result="", death="x").what == "pray: nothing"
    )
