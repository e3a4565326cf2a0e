"""`workbench transcript export|compare`: a saved conversation in another format, and beside another one."""

import os
from collections.abc import Coroutine, Iterator
from contextlib import closing
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.output import Output
from workbench.cli.saved_file import read_saved
from workbench.cli.transcript_file import TranscriptFile, transcript_format
from workbench.errors import LocalMisuse, Refused
from workbench.formats.quantity import count, octets
from workbench.transcript.compare import Difference, compare
from workbench.transcript.export import export
from workbench.transcript.recorder import Transcript
from workbench.wire.explain import explain

LISTED = 1000
"""Differences that a document lists."""


def export_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """Read what is to be done, and return the coroutine that writes the file.

    Raises: LocalMisuse: the format is not known; LocalFault: a file can't be read or written.
    """
    out, form = parsed["OUT"], parsed["--format"]
    if out == "-":
        if output.as_json:
            raise LocalMisuse(
                "standard output can't hold the conversation and the document both", advice="leave --json out"
            )
        if form is None:
            raise LocalMisuse("in which format?", advice="add --format txt, or another one")
    return _export(parsed, form or transcript_format(out), output)


async def _export(parsed: Parsed, form: str, output: Output) -> int:
    path, out, with_secrets = parsed["FILE"], parsed["OUT"], parsed.flag("--with-secrets")
    with closing(read_saved(path, output.note)) as transcript:
        if out == "-":
            for piece in _told(transcript, form, with_secrets, output):
                output.octets(piece)
            return 0
        file = TranscriptFile(out, with_secrets=with_secrets, form=form)
        try:
            await file.write(transcript, output)
        finally:
            file.drop()
        size = os.stat(out).st_size
        if output.as_json:
            output.document(
                {"file": path, "out": out, "format": form, "events": len(transcript), "octets": size}, ok=True
            )
        else:
            output.note(f"{out}: {octets(size)} of {count(len(transcript), 'event')}")
        return 0


def _told(transcript: Transcript, form: str, with_secrets: bool, output: Output) -> Iterator[bytes]:
    """The pieces, until nobody reads them any more."""
    for piece in export(transcript, form, with_secrets=with_secrets, explain=explain):
        if output.is_closed:
            return
        yield piece


def compare_verb(parsed: Parsed, output: Output) -> int:
    """Compare the octets of two conversations.

    Raises: what read_saved raises; Refused when they differ.
    """
    one, other = parsed["FILE"], parsed["OTHER"]
    if one == other == "-":
        raise LocalMisuse("standard input can be read once only", advice="name a file for one of the two")
    with closing(read_saved(one, output.note)) as left, closing(read_saved(other, output.note)) as right:
        differences = compare(left, right)
    output.so_far = {
        "file": one,
        "other": other,
        "equal": not differences,
        "differences": [_listed(each) for each in differences[:LISTED]],
        "left_out": max(0, len(differences) - LISTED),
    }
    if not output.as_json:
        for each in differences:
            output.line(each.sentence)
            output.line(f"  {one}: {each.left.hex(' ') or 'nothing more'}")
            output.line(f"  {other}: {each.right.hex(' ') or 'nothing more'}")
    if differences:
        raise Refused(f"the conversations differ in {count(len(differences), 'stream')}", stage="compare")
    if output.as_json:
        output.document(output.so_far, ok=True)
    else:
        output.note("all octets are equal")
    return 0


def _listed(difference: Difference) -> dict[str, object]:
    return {
        "channel": difference.channel,
        "direction": difference.direction.value,
        "layer": difference.layer,
        "offset": difference.offset,
        "hex": difference.left.hex(),
        "other_hex": difference.right.hex(),
        "octets": difference.left_size,
        "other_octets": difference.right_size,
        "sentence": difference.sentence,
    }
