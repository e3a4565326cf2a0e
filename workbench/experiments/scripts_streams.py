"""The steps of plain sockets in a script: TCP, UDP, and time. One line of Python each."""

from workbench.experiments.script_words import (
    Writer,
    arguments,
    assigned,
    method,
    octets,
    options,
    place,
    thing,
    variable,
)
from workbench.experiments.values import Given, Step
from workbench.experiments.verbs import LOOPBACK


def _joined(*texts: str) -> str:
    return ", ".join(filter(None, texts))


def _wishes(given: Given, host: str = LOOPBACK) -> str:
    return f"options={options(given, host)}" if "options" in given else ""


def _port(given: Given) -> str:
    return f"port={variable(given['port_of'])}.port" if "port_of" in given else ""


def _listen(step: Step) -> list[str]:
    wishes = _wishes(step.given, str(step.given.get("at", LOOPBACK)))
    given = _joined(arguments(step, "at"), _port(step.given), arguments(step, "backlog"), wishes)
    return [assigned(step, f"listen({given})")]


def _connect(step: Step) -> list[str]:
    source = f"source={step.given['from']!r}" if "from" in step.given else ""
    wishes = _wishes(step.given, str(step.given.get("at", LOOPBACK)))
    given = _joined(place(step.given), arguments(step, "timeout_s"), source, wishes)
    return [assigned(step, f"connect({given})")]


def _send(name: str) -> Writer:
    def write(step: Step) -> list[str]:
        given = _joined(octets(step.given["data"]), arguments(step, "timeout_s"))
        return [assigned(step, f"{thing(step)}.{name}({given})")]

    return write


_READS = {
    "until": "read_until",
    "exactly": "read_exactly",
    "length_ahead": "read_announced",
    "at_most": "read",
}


def _read(step: Step) -> list[str]:
    timeout = arguments(step, "timeout_s")
    for key, name in _READS.items():
        if key in step.given:
            value = octets(step.given[key]) if key == "until" else str(step.given[key])
            return [assigned(step, f"{thing(step)}.{name}({_joined(value, timeout)})")]
    name = "read_to_end" if "to_end" in step.given else "read"
    return [assigned(step, f"{thing(step)}.{name}({timeout})")]


def _open_datagram(step: Step) -> list[str]:
    given = step.given
    where = f"to={place(given)}" if "to" in given else arguments(step, "at")
    return [
        assigned(
            step,
            f"open_datagrams({_joined(where, _port(given), _wishes(given, str(given.get('at', LOOPBACK))))})",
        )
    ]


def _send_datagram(step: Step) -> list[str]:
    to = f"to={place(step.given)}" if "to" in step.given else ""
    given = _joined(octets(step.given["data"]), to, arguments(step, "timeout_s"))
    return [assigned(step, f"{thing(step)}.send({given})")]


def _note(_step: Step) -> list[str]:
    return ["pass"]


def _measure(step: Step) -> list[str]:
    return [assigned(step, f"Span(outcomes[{step.given['since']!r}])")]


def _decode(step: Step) -> list[str]:
    return [assigned(step, f"Clock({thing(step, 'of')})")]


WRITE_STREAMS: dict[str, Writer] = {
    "listen": _listen,
    "accept": method("accept", "timeout_s"),
    "connect": _connect,
    "send": _send("send"),
    "send-until-lost": _send("send_until_lost"),
    "read": _read,
    "wait-end": method("read_to_end", "timeout_s"),
    "finish": method("finish"),
    "abort": method("abort"),
    "close": method("close"),
    "open-datagram": _open_datagram,
    "send-datagram": _send_datagram,
    "receive-datagram": method("receive", "at_most", "timeout_s"),
    "note": _note,
    "decode-time": _decode,
    "measure": _measure,
}
