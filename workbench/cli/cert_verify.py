"""`workbench cert verify`: the judgement on a server's or a file's certificate, with every reason."""

from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any

from workbench.cli.arguments import Parsed
from workbench.cli.cert_subject import Looked, lab_store, no_certificate, papers_of
from workbench.cli.output import Output
from workbench.cli.relayed import relayed, require_straight
from workbench.errors import LocalMisuse, Untrusted
from workbench.jobs.offload import in_thread
from workbench.protocols.certificates.chain import marks, ordered
from workbench.protocols.certificates.judge import judge_chain
from workbench.protocols.certificates.values import NOT_CHECKED, Judgement
from workbench.transcript.recorder import Transcript


def verify_verb(parsed: Parsed, output: Output) -> Coroutine[Any, Any, int]:
    """The coroutine that looks and judges.

    Raises: LocalMisuse, LocalFault: what is wrong before anything is sent. The coroutine raises Untrusted when the
        certificate is refused, else what the wire raises.
    """
    subject = parsed["SUBJECT"]
    if isinstance(subject, str):
        require_straight(relayed(parsed))
        if parsed["--trust"] == "lab":
            raise LocalMisuse(
                "the Lab makes new authorities each time: it says nothing about a file",
                advice="give the file of an authority, or system",
            )
        return _verify_file(subject, parsed["--name"] or "", parsed["--trust"] or "system", output)
    choice = parsed["--trust"] or ("lab" if subject.is_lab else "system")
    name = parsed["--name"] or subject.server_name
    return _verify_server(Looked(parsed, subject, output), name, choice, output)


async def _verify_server(looked: Looked, name: str, choice: str, output: Output) -> int:
    def summary(transcript: Transcript) -> Mapping[str, object]:
        seen = looked.inspection
        judged: Mapping[str, object] = {}
        if seen is not None:
            sent = [
                {"mark": mark, **certificate.as_dict()}
                for certificate, mark in zip(seen.sent, seen.marks, strict=True)
            ]
            judged = {**seen.judgement.as_dict(), "sent": sent}
        return {**looked.document(transcript), "name": name or None, **judged}

    inspection = await looked.look(choice, name, summary)
    return _tell(inspection.judgement, output)


async def _verify_file(path: str, name: str, choice: str, output: Output) -> int:
    # In a thread: standard input may take its time, and Ctrl-C must be heard meanwhile.
    papers = await in_thread(papers_of, path)
    chain = ordered([paper.certificate for paper in papers if paper.certificate is not None])
    if not chain:
        raise no_certificate(path, papers)
    store = await lab_store(choice, None)
    judgement = judge_chain(chain, store, name, datetime.now(UTC))
    told = marks(chain, "the one that is judged")
    sent = [{"mark": mark, **certificate.as_dict()} for certificate, mark in zip(chain, told, strict=True)]
    output.so_far = {
        "source": "file",
        "file": path,
        "name": name or None,
        **judgement.as_dict(),
        "sent": sent,
    }
    return _tell(judgement, output)


def _tell(judgement: Judgement, output: Output) -> int:
    """The judgement for people or programs. Raises: Untrusted."""
    if not output.as_json:
        _print(judgement, output)
    if not judgement.trusted:
        first = judgement.reasons[0]
        raise Untrusted(judgement.sentence, stage="verify", advice=first.advice, source=first.source)
    if output.as_json:
        output.document(output.so_far, ok=True)
    return 0


def _print(judgement: Judgement, output: Output) -> None:
    output.line("trusted" if judgement.trusted else "REFUSED")
    for reason in judgement.reasons:
        output.line(f"  {reason.kind}: {reason.sentence}" + (f"  [{reason.source}]" if reason.source else ""))
    if judgement.trusted:
        output.line(f"  {judgement.sentence}")
    if judgement.name is not None:
        output.line(f"names, compared with {judgement.name.expected}:")
        for check in judgement.name.checks:
            output.line(f"  {'match' if check.matched else 'no   '}  {check.entry}: {check.reason}")
    if judgement.verified:
        output.line(f"the chain as it was built, by {judgement.store.title}:")
        for certificate in judgement.verified:
            output.line(f"  {certificate.title}")
    output.line("not checked:")
    for sentence in NOT_CHECKED:
        output.line(f"  {sentence}")
