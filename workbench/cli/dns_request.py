"""What the verbs of `dns` share: whom to ask and how, through which relay, and what a document says of an answer."""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.cli.arguments import Parsed
from workbench.cli.conversation import Conversation
from workbench.cli.relayed import Relayed, relayed
from workbench.errors import LocalMisuse
from workbench.formats.target import Target
from workbench.protocols.dns.client import lookup
from workbench.protocols.dns.fields import all_fields
from workbench.protocols.dns.names import for_people, parse_server
from workbench.protocols.dns.system import SystemSays, system_servers
from workbench.protocols.dns.values import EDNS_SIZE, Field, Lookup, Message, Question, Record, Wish

MAX_FIELDS = 400
"""Fields at the top of a packet that a document lists; a larger answer's octets are all in `packets`."""
MAX_PACKETS = 40


class Way(NamedTuple):
    """Whom to ask and how."""

    server: Target
    wish: Wish
    relayed: Relayed
    asks_system: bool
    timeout_s: float

    async def ask(self, question: Question, conversation: Conversation) -> Lookup:
        """Ask the one question. Raises: as client.lookup."""
        switched = self.relayed.switches or {}

        async def through(target: Target) -> Target:
            # The switches are for the transport that was asked for; where TCP follows, its relay changes nothing.
            return await conversation.relayed(
                target, switched if target.scheme == self.wish.transport else {}
            )

        return await lookup(
            question,
            self.server,
            conversation.transcript,
            wish=self.wish,
            resolver=conversation.resolve,
            via=None if self.relayed.is_straight else through,
            timeout_s=self.timeout_s,
        )


def read_way(parsed: Parsed, server: Target | None) -> Way:
    """The options that both verbs have. Raises: LocalMisuse."""
    is_tcp = parsed.flag("--tcp")
    size = parsed["--edns"]
    wish = Wish(
        "tcp" if is_tcp else "udp",
        not parsed.flag("--no-recursion"),
        parsed.flag("--dnssec"),
        EDNS_SIZE if size is None else size,
    )
    return Way(
        server or _system_server(),
        wish,
        relayed(parsed, is_udp=not is_tcp),
        parsed.flag("--system"),
        parsed["--timeout"],
    )


def _system_server() -> Target:
    servers = system_servers()
    if not servers:
        raise LocalMisuse(
            "this system names no name server", advice="write one, like @lab:dns or @192.0.2.53"
        )
    return parse_server(servers[0])


def record_document(record: Record) -> dict[str, object]:
    """One record."""
    return {
        "name": record.name,
        "type": record.type,
        "class": record.cls,
        "ttl": record.ttl,
        "data": record.data,
        "start": record.start,
        "stop": record.stop,
    }


def records_document(records: Sequence[Record]) -> list[dict[str, object]]:
    """Records in wire order, or as they were sorted."""
    return [record_document(record) for record in records]


def message_document(message: Message) -> dict[str, object]:
    """Header, records and EDNS of an accepted answer."""
    edns = message.edns
    return {
        "id": message.id,
        "status": message.rcode,
        "flags": list(message.flags),
        "answers": records_document(message.answers),
        "authority": records_document(message.section("authority")),
        "additional": records_document(message.section("additional")),
        "edns": None
        if edns is None
        else {
            "version": edns.version,
            "size": edns.size,
            "dnssec_ok": edns.dnssec_ok,
            "options": [
                {"code": o.code, "name": o.name, "hex": o.data.hex(), "said": o.said} for o in edns.options
            ],
        },
    }


def fields_document(message: Message) -> dict[str, object]:
    """{"fields": [...]}: every field with its octets, its sentence and the RFC's section."""
    fields: list[dict[str, object]] = []
    for field in all_fields(message):
        if len(fields) == MAX_FIELDS:
            break
        fields.append(_field(field))
    return {"fields": fields}


def _field(field: Field) -> dict[str, object]:
    shown: dict[str, object] = {
        "name": field.name,
        "value": field.value,
        "start": field.start,
        "stop": field.stop,
        "text": field.text,
        "source": field.source,
    }
    if field.inner:
        shown["fields"] = [_field(inner) for inner in field.inner]
    return shown


def packets_document(found: Lookup) -> dict[str, object]:
    """{"packets": [...], "ignored": [...]}: every message as it passed, and what was not accepted."""
    return {
        "packets": [
            {
                "title": said.title,
                "direction": "sent" if said.is_query else "received",
                "transport": said.transport,
                "octets": len(said.data),
                "hex": said.data.hex(),
            }
            for said in found.said[:MAX_PACKETS]
        ],
        "ignored": [
            {"reason": one.reason, "source": one.source, "octets": one.size, "sentence": one.sentence}
            for one in found.ignored
        ],
    }


def system_document(says: SystemSays | None) -> dict[str, object]:
    """{"system": ...} where it was asked for."""
    if says is None:
        return {}
    shown: dict[str, object] = {"found": list(says.found), "elapsed_ms": round(says.elapsed_ns / 1e6, 3)}
    if says.failure is not None:
        shown["failure"] = says.failure.as_dict()
    return {"system": shown}


def unicode_document(name: str) -> dict[str, object]:
    """The name as DNS carries it, and as people read it."""
    return {"name": name, "unicode": for_people(name) if name != "." else "."}
