"""Connecting to a PostgreSQL server and logging in, stage by stage. libpq dials; the name is looked up by us before."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.errors import LocalFault, TooSlow, WorkbenchError
from workbench.formats.quantity import duration_s
from workbench.formats.target import Target, bracketed
from workbench.jobs.offload import in_thread
from workbench.protocols.sql.database import Database
from workbench.protocols.sql.pgerrors import not_connected
from workbench.protocols.sql.pgheard import Heard
from workbench.protocols.sql.pgtap import Tap
from workbench.protocols.sql.pgwait import ready
from workbench.protocols.sql.postgres import PostgresSession
from workbench.protocols.sql.values import Peer
from workbench.transcript.recorder import Channel
from workbench.wire.dial import TargetResolver
from workbench.wire.resolve import resolve

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn

APPLICATION = "network-workbench"
STAGES = {
    "NEEDED": "connect",
    "STARTED": "connect",
    "MADE": "greeting",
    "SSL_STARTUP": "tls",
    "AWAITING_RESPONSE": "greeting",
    "AUTHENTICATING": "login",
    "AUTH_OK": "login",
    "SETENV": "login",
    "CHECK_WRITABLE": "login",
    "CONSUME": "login",
    "CHECK_TARGET": "login",
}
"""By the state of libpq's connection: the stage as people know it."""


async def open_postgres(
    database: Database,
    channel: Channel,
    password: str,
    *,
    resolver: TargetResolver | None = None,
    timeout_s: float = 30.0,
    report: Callable[[str], None] | None = None,
) -> PostgresSession:
    """Connect and log in.

    Args:
        resolver: leads through a relay.
        report: told of each stage.

    Raises: Refused: the server does not let one in; Untrusted; LinkLost, PeerMisbehaved, TooSlow with the stage;
        LocalMisuse: a password is needed; LocalFault: the library is missing.
    """
    await in_thread(_load)
    opening = _Opening(database, channel, password, report or _nobody)
    try:
        async with asyncio.timeout(timeout_s):
            return await opening.run(resolver)
    except TimeoutError as error:
        opening.drop()
        raise TooSlow(
            f"{opening.where} did not answer within {duration_s(timeout_s)}",
            stage=opening.stage,
            advice="something that takes connections and says nothing may be no PostgreSQL server",
        ) from error
    except BaseException:
        opening.drop()
        raise


class _Opening:
    def __init__(
        self, database: Database, channel: Channel, password: str, report: Callable[[str], None]
    ) -> None:
        self._database = database
        self._channel = channel
        self._password = password
        self._report = report
        self._connection: PGconn | None = None
        self._tap: Tap | None = None
        self._heard = Heard()
        self.stage = "resolve"
        self.where = database.socket or f"{bracketed(database.host)}:{database.port}"

    async def run(self, resolver: TargetResolver | None) -> PostgresSession:
        """As open_postgres, without its deadline."""
        self._report("resolve")
        asked = await self._asked(resolver)
        self._reached("connect")
        self._channel.fact("sql.connecting", where=self.where, tls=self._database.tls)
        from psycopg import pq

        connection = self._connection = pq.PGconn.connect_start(_conninfo(asked))
        if connection.status == pq.ConnStatus.BAD:
            raise self._failed(connection)
        self._tap = Tap(connection, self._channel)
        self._tap.start()
        await self._polled(connection)
        connection.nonblocking = 1
        peer = _peer(connection, self._database)
        self._channel.named(peer=self.where)
        self._channel.fact(
            "sql.connected", where=self.where, version=peer.version, tls=bool(connection.ssl_in_use)
        )
        session = PostgresSession(self._channel, connection, self._tap, peer)
        self._connection = self._tap = None
        return session

    async def _asked(self, resolver: TargetResolver | None) -> dict[str, str]:
        database = self._database
        asked = {
            "user": database.user,
            "dbname": database.name,
            "password": self._password,
            "sslmode": database.tls,
            "gssencmode": "disable",
            "client_encoding": "UTF8",
            "application_name": APPLICATION,
        }
        if database.authorities:
            asked["sslrootcert"] = database.authorities
        if database.socket:
            return asked | {"host": database.socket, "port": str(database.port), "sslmode": "disable"}
        target = Target("tcp", database.host, database.port)
        reached = await resolver(target) if resolver is not None else target
        found = await resolve(reached.host, reached.port or 0, self._channel)
        self.where = f"{bracketed(reached.host)}:{reached.port}"
        # The name stays beside the addresses: the certificate is held against it.
        hosts = [address.host for address in found]
        return asked | {
            "host": ",".join([database.host] * len(hosts)),
            "hostaddr": ",".join(hosts),
            "port": str(reached.port),
        }

    async def _polled(self, connection: "PGconn") -> None:
        from psycopg import pq

        assert self._tap is not None
        while True:
            if connection.status == pq.ConnStatus.STARTED:
                # Anew: libpq tries the next address, or goes on without TLS.
                self._heard = Heard()
            elif not connection.ssl_in_use:
                self._heard.look(connection.socket)
            state = connection.connect_poll()
            self._tap.drain()
            self._reached(STAGES.get(pq.ConnStatus(connection.status).name, self.stage))
            if state == pq.PollingStatus.OK:
                return
            if state == pq.PollingStatus.FAILED:
                raise self._failed(connection)
            writing = state == pq.PollingStatus.WRITING
            await ready(connection.socket, None, writing=writing, reading=not writing)

    def _reached(self, stage: str) -> None:
        if stage != self.stage:
            self.stage = stage
            self._report(stage)

    def _failed(self, connection: "PGconn") -> WorkbenchError:
        text = connection.get_error_message()
        refusal = self._tap.refusal if self._tap is not None else None
        failure = not_connected(text, self.stage, refusal, self.where, self._heard.broken)
        failure.transcript_index = self._channel.fact(
            "sql.failed", stage=failure.stage, sentence=failure.what, errno=failure.errno_name
        )
        return failure

    def drop(self) -> None:
        """Give back what was begun. Idempotent."""
        if self._connection is not None:
            self._connection.finish()
            self._connection = None
        if self._tap is not None:
            self._tap.close()
            self._tap = None


def _conninfo(asked: dict[str, str]) -> bytes:
    pairs = (
        f"{name}='{value.translate({39: chr(92) + chr(39), 92: chr(92) * 2})}'"
        for name, value in asked.items()
        if value
    )
    return " ".join(pairs).encode("utf-8", "surrogateescape")


def _peer(connection: "PGconn", database: Database) -> Peer:
    version = connection.parameter_status(b"server_version") or b""
    facts = [
        ("TLS", "on" if connection.ssl_in_use else "off, in clear"),
        ("user", database.user),
        ("database", database.name),
        ("backend", str(connection.backend_pid)),
    ]
    return Peer(
        "postgresql", database.title, f"PostgreSQL {version.decode('utf-8', 'replace')}", tuple(facts)
    )


def _load() -> None:
    """psycopg takes a while to import: in a thread the window goes on meanwhile."""
    try:
        import psycopg.pq  # noqa: F401 - for the import alone
    except ImportError as error:
        raise LocalFault(
            f"PostgreSQL's library is not here: {error}",
            stage="load",
            advice="install psycopg with its library: psycopg[binary]",
        ) from error


def _nobody(_stage: str) -> None:
    return
