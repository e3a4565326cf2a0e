"""Every element, every reserved number and every common method has its sentence.

The sentences stand in workbench.protocols.xmlrpc.sentences.
"""

from workbench.protocols.xmlrpc import codec
from workbench.protocols.xmlrpc.explain import explain
from workbench.protocols.xmlrpc.sentences import ELEMENTS, FAULTS, METHODS, fault_words
from workbench.transcript.recorder import Transcript


def test_every_element_that_the_codec_reads_has_a_sentence() -> None:
    known = {name for inside in codec._INSIDE.values() for name in inside} | set(codec._INSIDE)
    missing = {name for name in known if name not in ELEMENTS and not name.startswith("ex:")}
    assert missing == set()
    for sentence in (*ELEMENTS.values(), *METHODS.values()):
        assert sentence.text
        assert sentence.source


def test_reserved_faults_are_told_and_others_are_the_servers_own() -> None:
    assert fault_words(-32601)[0] == "method not found"
    assert fault_words(17) == ("", "")
    assert all(-32768 <= code <= -32000 for code in FAULTS)


def test_common_methods_are_told() -> None:
    transcript = Transcript()
    channel = transcript.open("http: POST lab:xmlrpc", "tcp")
    channel.sent(b"POST / HTTP/1.1\r\n\r\n<methodCall><methodName>system.multicall</methodName>")
    (event,) = transcript.events()
    found = explain(transcript, event)
    assert found is not None
    assert found.text == METHODS["system.multicall"].text
    transcript.close()
