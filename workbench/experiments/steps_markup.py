"""Carrying out the verbs of verbs_markup.py: searches in documents, calls by XML-RPC. As in steps.py."""

import json

from workbench.errors import Refused
from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.things_markup import CalledSeen, FoundSeen
from workbench.experiments.values import Given
from workbench.formats.target import bracketed
from workbench.jobs.worker import Worker


async def _find(stage: Stage, given: Given, _name: str) -> Done:
    # The engine is loaded for the cards that need it alone.
    from workbench.formats.markup import service
    from workbench.formats.markup.describe import shown_hit
    from workbench.formats.markup.query import read_namespace
    from workbench.formats.markup.service import Source

    document = given["document"]
    assert isinstance(document, bytes)
    source = Source(1, document, str(given["kind"]))
    namespaces = dict([read_namespace(str(given["namespace"]))]) if "namespace" in given else {}
    worker = Worker("the search")
    try:
        page, _, lines = await worker.call(service.read, source, timeout_s=timeout_of(given))
        answer = await worker.call(
            service.find,
            source,
            "css" if given["by"] == "css" else "xpath",
            str(given["search"]),
            namespaces,
            timeout_s=timeout_of(given),
        )
        marks, problems = await worker.call(service.mark, source, timeout_s=timeout_of(given))
    finally:
        worker.close()
    first = shown_hit(answer.hits[0], page, marks) if answer.hits else None
    place = ""
    if first is not None:
        place = str(lines.place(first.start)) if first.start >= 0 else "not in the source"
    seen = FoundSeen(
        answer.total,
        answer.value,
        first.text if first is not None else "",
        first.markup if first is not None else "",
        place,
        len(page.tree) - 1,
        ", ".join(problem.code for problem in problems),
        answer.hint,
    )
    return Done(seen, answer.value or f"{answer.total} hits")


async def _call(stage: Stage, given: Given, _name: str) -> Done:
    from workbench.protocols.xmlrpc.client import FaultRaised, XmlRpcClient
    from workbench.protocols.xmlrpc.typed import read_argument
    from workbench.protocols.xmlrpc.values import Call

    server, resolver = stage.where(given["to"], "tcp")
    origin = f"lab:{server.host}" if server.is_lab else f"http://{bracketed(server.host)}:{server.port}"
    text = given.get("arguments", b"[]")
    assert isinstance(text, bytes)
    arguments = read_argument(text.decode(), "array").items()
    client = XmlRpcClient(
        f"{origin}{given.get('path', '/')}", stage.transcript, resolver=resolver, timeout_s=timeout_of(given)
    )
    value, type_, fault, said = "", "", 0, ""
    try:
        answer = await client.call(Call(str(given["method"]), arguments))
        if answer.value is not None:
            value, type_ = json.dumps(answer.value.plain()), answer.value.type
    except FaultRaised as raised:
        fault, said = raised.fault.code, raised.fault.text
    except Refused as refused:
        said = refused.reply
    status = client.exchange.status if client.exchange is not None else 0
    return Done(CalledSeen(value, type_, fault, said, status), value or said)


CARRY_MARKUP: dict[str, Carry] = {"markup-find": _find, "xmlrpc-call": _call}
