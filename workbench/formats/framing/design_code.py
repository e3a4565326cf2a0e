"""A design as a Python class that runs anywhere: encode, and a decoder that may be fed any pieces. Standard library."""

from workbench.formats.framing.design import Design, Field
from workbench.formats.framing.values import MAX_MESSAGE

_HEAD = '''"""{title}: {names}. Written by Network Workbench; needs nothing but Python."""


class FrameError(ValueError):
    """The octets are no such message."""


def encode({arguments}):
    """One message as octets."""
    out = bytearray()
{writing}    return bytes(out)


class Decoder:
    """Feed it pieces of a stream, however they were cut; each call returns the messages that are complete now."""

    def __init__(self, limit={limit}):
        self.limit = limit
        self.held = bytearray()

    def feed(self, data):
        """Take octets; return a list of dicts. Raises FrameError, after which nothing more can be read."""
        self.held += data
        messages = []
        at = 0
        while (read := self._read(at)) is not None:
            message, at = read
            messages.append(message)
        del self.held[:at]
        return messages

    def at_rest(self):
        """Whether the stream may end here: nothing is half read."""
        return not self.held

    def _take(self, at, size):
        return None if len(self.held) < at + size else bytes(self.held[at : at + size])

    def _read(self, at):
        message = {{}}
{reading}        return message, at
'''


def python(design: Design) -> str:
    """The class, as a module's text."""
    arguments = ", ".join(field.name for field in design.free)
    return _HEAD.format(
        title=design.title,
        names=", ".join(f"{field.name} {field.written}" for field in design.fields),
        arguments=f"*, {arguments}",
        writing="".join(_indented(_writing(design, field), 4) for field in design.fields),
        limit=MAX_MESSAGE,
        reading="".join(_indented(_reading(design, field), 8) for field in design.fields),
    )


def _indented(lines: list[str], by: int) -> str:
    return "".join(f"{' ' * by}{line}\n" for line in lines)


def _writing(design: Design, field: Field) -> list[str]:
    name = field.name
    if field.kind == "number":
        measured = design.lengths.get(name)
        value = (
            f"len({measured.name})"
            if measured
            else repr(field.constant)
            if field.constant is not None
            else name
        )
        signed = ", signed=True" if field.signed else ""
        return [f"out += ({value}).to_bytes({field.size}, {field.order!r}{signed})"]
    if field.by:
        return [f"out += {name}"]
    check = ">" if field.kind == "text" else "!="
    return [
        f"if len({name}) {check} {field.size}:",
        f'    raise FrameError("{name} has {field.size} octets")',
        f'out += {name}.ljust({field.size}, b"\\0")',
    ]


def _reading(design: Design, field: Field) -> list[str]:
    name = field.name
    size = f'message["{field.by}"]' if field.by else str(field.size)
    lines = [f"octets = self._take(at, {size})", "if octets is None:", "    return None", f"at += {size}"]
    if field.kind == "number":
        signed = ", signed=True" if field.signed else ""
        lines.append(f'message["{name}"] = int.from_bytes(octets, {field.order!r}{signed})')
    elif field.kind == "text" and not field.by:
        lines.append(f'message["{name}"] = octets.rstrip(b"\\0")')
    else:
        lines.append(f'message["{name}"] = octets')
    if field.constant is not None:
        lines += [
            f'if message["{name}"] != {field.constant!r}:',
            f'    raise FrameError("{name} is not {field.constant:#x}")',
        ]
    if name in design.lengths:
        lines += [
            f'if message["{name}"] > self.limit:',
            f'    raise FrameError("{name} announces more than the limit")',
        ]
    return lines
