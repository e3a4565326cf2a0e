"""Answers that are none: what an XML-RPC client must refuse, and say why."""

from typing import Final

from workbench.lab.services.http.answer import Answer, page, plain

_XML: Final = (("Content-Type", "text/xml; charset=utf-8"),)
_HEAD: Final = '<?xml version="1.0"?>\n'


def _response(inside: str) -> Answer:
    text = f"{_HEAD}<methodResponse><params><param>{inside}</param></params></methodResponse>\n"
    return Answer(200, _XML, text.encode())


def _entities() -> str:
    levels = "".join(f'<!ENTITY e{number} "{f"&e{number - 1};" * 10}">\n' for number in range(1, 10))
    return f'{_HEAD}<!DOCTYPE methodResponse [\n<!ENTITY e0 "ha">\n{levels}]>\n'


WRONG: Final[dict[str, Answer]] = {
    "html": page("<!DOCTYPE html><title>Welcome</title><p>This is a page for people.", status=200),
    "not-xml": Answer(200, _XML, b"1024"),
    "cut": Answer(200, _XML, f"{_HEAD}<methodResponse><params><param><value><int>10".encode()),
    "empty": Answer(200, _XML, f"{_HEAD}<methodResponse></methodResponse>\n".encode()),
    "bad-int": _response("<value><int>ten</int></value>"),
    "two-values": _response("<value><int>1</int></value></param><param><value><int>2</int></value>"),
    "boolean-7": _response("<value><boolean>7</boolean></value>"),
    "odd-fault": Answer(
        200,
        _XML,
        f"{_HEAD}<methodResponse><fault><value><string>no</string></value></fault></methodResponse>\n".encode(),
    ),
    "deep": _response("<value><array><data>" * 100_000 + "</data></array></value>" * 100_000),
    "bomb": Answer(
        200,
        _XML,
        f"{_entities()}<methodResponse><params><param><value>&e9;</value></param></params></methodResponse>".encode(),
    ),
    "file": Answer(
        200,
        _XML,
        (
            f'{_HEAD}<!DOCTYPE methodResponse [<!ENTITY e SYSTEM "/etc/passwd">]>\n'
            "<methodResponse><params><param><value>&e;</value></param></params></methodResponse>"
        ).encode(),
    ),
    "http-500": plain("Internal Server Error: no fault, just an error of HTTP.\n", 500),
    "http-404": plain("There is nothing here.\n", 404),
}
