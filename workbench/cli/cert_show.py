"""`workbench cert show`: every field of the certificates that a server sends or a file holds."""

from collections.abc import Coroutine, Mapping, Sequence
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.cert_subject import Looked, no_certificate, papers_of
from workbench.cli.output import Output
from workbench.cli.relayed import relayed, require_straight
from workbench.formats.target import Target
from workbench.formats.x509.paper import Paper
from workbench.formats.x509.values import Certificate, Field
from workbench.jobs.offload import in_thread
from workbench.protocols.certificates.trust import pem
from workbench.transcript.recorder import Transcript

MAX_SHOWN = 1000
"""Certificates of one document, and of one screen."""


def show_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that looks and shows.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent. The coroutine raises what the wire raises.
    """
    subject = parsed["SUBJECT"]
    if isinstance(subject, str):
        require_straight(relayed(parsed))
        return _show_file(subject, output)
    return _show_server(subject, Looked(parsed, subject, output), output)


async def _show_server(target: Target, looked: Looked, output: Output) -> int:
    def summary(transcript: Transcript) -> Mapping[str, object]:
        seen = looked.inspection
        shown = (
            [
                {"mark": mark, **_shown(certificate)}
                for certificate, mark in zip(seen.sent, seen.marks, strict=True)
            ]
            if seen is not None
            else []
        )
        return {**looked.document(transcript), "certificates": shown}

    choice = "lab" if target.is_lab else "system"
    inspection = await looked.look(choice, target.server_name, summary)
    if output.as_json:
        output.document(output.so_far, ok=True)
        return 0
    for at, (certificate, mark) in enumerate(zip(inspection.sent, inspection.marks, strict=True)):
        _print(output, certificate, f"{at + 1} of {len(inspection.sent)}, {mark}")
    return 0


async def _show_file(path: str, output: Output) -> int:
    # In a thread: standard input may take its time, and Ctrl-C must be heard meanwhile.
    papers = await in_thread(papers_of, path)
    found = [paper for paper in papers if paper.certificate is not None]
    others = [paper for paper in papers if paper.certificate is None]
    output.so_far = _file_document(path, found, others)
    if not found:
        raise no_certificate(path, papers)
    if output.as_json:
        output.document(output.so_far, ok=True)
        return 0
    for at, paper in enumerate(found[:MAX_SHOWN]):
        assert paper.certificate is not None
        fault = f": {paper.fault}" if paper.fault else ""
        _print(output, paper.certificate, f"{at + 1} of {len(found)}, {paper.place}{fault}")
    for paper in others:
        output.note(f"{paper.place}: {paper.title}" + (f" ({paper.fault})" if paper.fault else ""))
        if paper.advice:
            output.note(f"  try: {paper.advice}")
    return 0


def _file_document(path: str, found: Sequence[Paper], others: Sequence[Paper]) -> dict[str, object]:
    shown = [
        {
            "place": paper.place,
            **({"damage": paper.fault} if paper.fault else {}),
            **_shown(paper.certificate),
        }
        for paper in found[:MAX_SHOWN]
        if paper.certificate is not None
    ]
    return {
        "source": "file",
        "file": path,
        "certificates": shown,
        **({"certificates_left_out": len(found) - MAX_SHOWN} if len(found) > MAX_SHOWN else {}),
        "others": [paper.as_dict() for paper in others[:MAX_SHOWN]],
    }


def _shown(certificate: Certificate) -> dict[str, object]:
    return {
        **certificate.as_dict(),
        "fields": [field.as_dict() for field in certificate.fields],
        "pem": pem(certificate.der).decode("ascii"),
    }


def _print(output: Output, certificate: Certificate, where: str) -> None:
    output.line(f"{certificate.title}  ({where})")
    for field in certificate.fields:
        _print_field(output, field, 1)
    if certificate.strict:
        output.line(f"  a strict reader refuses it: {certificate.strict}")
    output.line()


def _print_field(output: Output, field: Field, depth: int) -> None:
    fault = f"  !! {field.fault}" if field.fault else ""
    source = f"  [{field.source}]" if field.source and (depth == 1 or field.fault) else ""
    output.line(f"{'  ' * depth}{field.name}: {field.text}{source}{fault}")
    for inside in field.fields:
        _print_field(output, inside, depth + 1)
