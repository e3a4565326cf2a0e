"""The steps of protocols in a script: names, files, letters, pages, databases, frames. Most are one call each."""

from workbench.errors import LocalMisuse
from workbench.experiments.script_words import Writer, arguments, assigned, called, place, thing
from workbench.experiments.values import Step


def _text(step: Step, key: str) -> str:
    """A parameter of octets that the program takes as text."""
    value = step.given[key]
    assert isinstance(value, bytes)
    return repr(value.decode())


# Frames ----------------------------------------------------------------------------------------------------------


def _send_framed(step: Step) -> list[str]:
    framing = f"Framing({step.given['framing']!r})"
    return [f"{thing(step)}.send({framing}.encode({arguments(step, 'data').removeprefix('data=')}))"]


WRITE_FRAMES: dict[str, Writer] = {
    "frame": called("Framed"),
    "send-framed": _send_framed,
    "read-frames": called("Frames"),
    "chop-frames": called("Chopped"),
    "unpack": called("Unpacked"),
}

# Names and addresses ----------------------------------------------------------------------------------------------

WRITE_NAMES: dict[str, Writer] = {
    "dns-query": called("Lookup"),
    "dns-reverse": called("Reverse"),
    "find-service": called("Service"),
    "look-up": called("Candidates"),
    "inspect-address": called("Inspected"),
    "judge": called("Judged"),
    "trace-route": called("Traced"),
    "listen-as-nobody": called("ListensAsNobody"),
}

# Groups -----------------------------------------------------------------------------------------------------------


def _membership(function: str) -> Writer:
    def write(step: Step) -> list[str]:
        return [f"{function}({thing(step)}.sock, {step.given['group']!r})"]

    return write


def _send_to_group(step: Step) -> list[str]:
    data = arguments(step, "data").removeprefix("data=")
    return [f"send_to_group({step.given['group']!r}, {thing(step, 'port_of')}.port, {data})"]


def _discover(step: Step) -> list[str]:
    if step.given["language"] != "mdns":
        raise LocalMisuse("a search by SSDP has no form in a program of its own", stage="script")
    return [
        assigned(
            step, f"Discovered({arguments(step, 'to', 'what', 'until_gone', 'until_found', 'timeout_s')})"
        )
    ]


WRITE_GROUPS: dict[str, Writer] = {
    "join-group": _membership("join_group"),
    "leave-group": _membership("leave_group"),
    "send-to-group": _send_to_group,
    "discover": _discover,
}

# Files and databases ------------------------------------------------------------------------------------------------


def _sql_open(step: Step) -> list[str]:
    path = place(step.given).removeprefix("place(").removesuffix(")")
    return [assigned(step, f"Database({', '.join(filter(None, (path, arguments(step, 'timeout_s'))))})")]


def _sql_run(step: Step) -> list[str]:
    from workbench.protocols.sql.split import split

    statements = [repr(one.text) for one in split(str(step.given["text"]), "sqlite")]
    if "value" in step.given:
        statements.append(f"values=[{step.given['value']!r}]")
    return [assigned(step, f"{thing(step)}.run({', '.join(statements)})")]


WRITE_FILES: dict[str, Writer] = {
    "ftp-list": called("Listing"),
    "ftp-get": called("Fetched"),
    "gopher-ask": called("Asked"),
    "gopher-levels": called("Levels"),
    "sql-open": _sql_open,
    "sql-run": _sql_run,
}

# Letters ------------------------------------------------------------------------------------------------------------


def _mail_letter(step: Step) -> list[str]:
    return [assigned(step, f"Letter({step.given['subject']!r}, {step.given['text']!r})")]


def _mail_send(step: Step) -> list[str]:
    given = [arguments(step, "to", "letter", "recipients", "security", "timeout_s")]
    if step.given.get("login"):
        given.append("password=GIVEN['ben']")
    if step.given.get("security") != "plain":
        given.append("authority=GIVEN['authority']")
    return [assigned(step, f"Sent({', '.join(given)})")]


def _mail_look(step: Step) -> list[str]:
    given = arguments(step, "to", "letter", "timeout_s")
    return [assigned(step, f"Looked({given}, password=GIVEN['anna'], authority=GIVEN['authority'])")]


def _letter_read(step: Step) -> list[str]:
    return [assigned(step, f"Parsed({step.given['raw']!r})")]


def _letter_write(step: Step) -> list[str]:
    given = ", ".join(
        f"{key}={_text(step, key)}" for key in ("subject", "text", "html", "file") if key in step.given
    )
    return [assigned(step, f"written({given})")]


WRITE_LETTERS: dict[str, Writer] = {
    "mail-letter": _mail_letter,
    "mail-send": _mail_send,
    "mail-look": _mail_look,
    "letter-read": _letter_read,
    "letter-write": _letter_write,
}

# Pages --------------------------------------------------------------------------------------------------------------

WRITE_PAGES: dict[str, Writer] = {
    "web-get": called("Answer"),
    "web-download": called("Saved"),
    "xmlrpc-call": called("Called"),
    "markup-find": called("Found"),
}

# Pipes and deaths ---------------------------------------------------------------------------------------------------

WRITE_FLOW: dict[str, Writer] = {"fill-pipe": called("Pipe"), "bereave": called("Bereaved")}
