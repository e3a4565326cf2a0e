"""The one way of pointing at a mistake."""

from workbench.formats.place import mistake


def test_a_mistake_says_where_what_and_what_to_do() -> None:
    error = mistake("host:x", 5, 6, "that is no port", "write a number", "RFC 9293 section 3.1")
    assert str(error) == "that is no port"
    assert error.caret() == "host:x\n     ^"
    assert error.as_dict() == {
        "kind": "LocalMisuse",
        "stage": "input",
        "what": "that is no port",
        "committed": "no",
        "try": "write a number",
        "source": "RFC 9293 section 3.1",
        "input": "host:x",
        "at": {"start": 5, "end": 6},
    }
