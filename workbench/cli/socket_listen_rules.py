"""`socket listen --rules FILE`: automatic replies by pattern, read and checked before anybody can connect."""

from typing import TYPE_CHECKING

from workbench.cli.arguments import Parsed
from workbench.errors import LocalMisuse

if TYPE_CHECKING:
    from workbench.protocols.raw.rules import Rules


def read_rules(parsed: Parsed, *, is_udp: bool) -> "Rules | None":
    """The rules asked for; None where none are.

    Raises: LocalMisuse: a mistake in the file, with its place, or --reply besides; LocalFault: it can't be read.
    """
    path: str | None = parsed["--rules"]
    if path is None:
        return None
    if parsed["--reply"] != "discard":
        raise LocalMisuse("--rules and --reply can't be given together", advice="leave one of them out")
    from workbench.cli.socket_script import named, read_text
    from workbench.protocols.raw.rules import parse_rules
    from workbench.protocols.raw.script_words import MAX_TEXT

    source = read_text(path, MAX_TEXT)
    try:
        rules = parse_rules(source)
        rules.check_transport("udp" if is_udp else "tcp")
    except LocalMisuse as misuse:
        raise named(path, source, misuse) from misuse
    return rules
