"""A step's parameters that mean something by themselves: from the TOML's value to the one that a verb is given."""

from collections.abc import Mapping
from ipaddress import ip_address

from workbench.errors import LocalMisuse
from workbench.experiments.table import Table, misuse, shown
from workbench.experiments.verb import MAX_DATA, MAX_TIMEOUT_S, Param
from workbench.formats.hextext import parse_hex
from workbench.wire.options import Setting, parse_setting


def plain_value(table: Table, param: Param) -> object:
    """The value of a parameter that refers to nothing else. Raises: LocalMisuse with the step and the key."""
    key = param.name
    match param.kind:
        case "text":
            data = table.text(key, param.what, may_be_empty=True).encode()
            if len(data) < param.low:
                raise table.wrong(key, "is empty")
            return data
        case "hex":
            return _hex(table, key)
        case "octets":
            return _octets(table, param)
        case "words":
            return table.text(key, param.what)
        case "count":
            return table.whole(key, param.low, param.high)
        case "seconds":
            return _seconds(table, key)
        case "choice":
            return _choice(table, param)
        case "address":
            return _address(table, key)
        case "options":
            return _options(table, param)
        case _:
            if table.raw(key) is not True:
                raise table.wrong(key, "can only be true", "leave it out otherwise")
            return True


def _hex(table: Table, key: str) -> bytes:
    text = table.text(key, may_be_empty=True)
    try:
        return parse_hex(text)
    except LocalMisuse as error:
        raise LocalMisuse(
            f"{table.place(key)}: {error.what}",
            text=error.text,
            start=error.start,
            end=error.end,
            stage="experiment",
            advice=error.advice,
        ) from error


def _octets(table: Table, param: Param) -> bytes:
    """Octets as text, or as a table with the one key hex."""
    value = table.raw(param.name, param.what)
    if isinstance(value, Mapping):
        inner = table.table(param.name)
        data = _hex(inner, "hex")
        inner.done()
    else:
        data = table.text(param.name, param.what, may_be_empty=True).encode()
    if len(data) < param.low:
        raise table.wrong(param.name, "is empty")
    return data


def _choice(table: Table, param: Param) -> str:
    value = table.text(param.name, param.what)
    if value not in param.choices:
        raise table.wrong(param.name, f"{shown(value)} is no choice", f"there are {', '.join(param.choices)}")
    return value


def _address(table: Table, key: str) -> str:
    text = table.text(key)
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise table.wrong(key, f"{shown(text)} is no address", 'like "127.0.0.2" or "::1"') from error


def _options(table: Table, param: Param) -> tuple[Setting, ...]:
    settings = []
    for number, text in enumerate(table.texts(param.name, param.what), start=1):
        try:
            settings.append(parse_setting(text))
        except LocalMisuse as error:
            raise misuse(f"{table.place(param.name)} {number}", error.what, error.advice) from error
    return tuple(settings)


def _seconds(table: Table, key: str) -> float:
    value = table.raw(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise table.wrong(key, f"must be a number of seconds, not {shown(value)}")
    # Not a number, which TOML can spell, is in no range at all.
    if not 0 < value <= MAX_TIMEOUT_S:
        raise table.wrong(key, f"must be above 0 and at most {MAX_TIMEOUT_S:g} seconds, not {shown(value)}")
    return float(value)


def join_data(table: Table, given: dict[str, object]) -> None:
    """Replace text or hex, times and the length ahead by the octets that they mean."""
    text = given.pop("text", None)
    octets = given.pop("hex", text)
    times = given.pop("times", 1)
    assert isinstance(octets, bytes)
    assert isinstance(times, int)
    if len(octets) * times > MAX_DATA:
        raise table.wrong("times", f"makes {len(octets) * times} octets; {MAX_DATA} are the most")
    data = octets * times
    width = given.pop("length_ahead", 0)
    assert isinstance(width, int)
    if width:
        if len(data) >= 256**width:
            raise table.wrong(
                "length_ahead", f"{width} can't hold the length {len(data)}", "take more octets"
            )
        data = len(data).to_bytes(width) + data
    given["data"] = data
