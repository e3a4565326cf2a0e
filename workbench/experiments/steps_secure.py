"""Carrying out the verbs of verbs_secure.py: TLS, what a client insists on, and a man in the middle. As in steps.py."""

from typing import TYPE_CHECKING, cast

from workbench.errors import LocalMisuse, Refused
from workbench.experiments.stage import Carry, Done, Stage, timeout_of
from workbench.experiments.tap import Way, open_tap
from workbench.experiments.values import Given
from workbench.experiments.verb import quoted
from workbench.experiments.verbs import LOOPBACK

if TYPE_CHECKING:
    from workbench.wire.tls.values import TlsOptions


async def _start_tls(stage: Stage, given: Given, _name: str) -> Done:
    # OpenSSL is loaded for the cards that need it alone.
    from workbench.wire.tls.handshake import start_tls
    from workbench.wire.tls.setup import client_setup

    setup = client_setup(await _options(stage, given))
    stream = await start_tls(stage.stream(given["on"]), setup, timeout_s=timeout_of(given))
    stage.replace(given["on"], stage.keep(stream))
    agreed = stream.handshake
    who = "the other side is trusted" if agreed.verdict.trusted else f"NOT trusted: {agreed.verdict.reason}"
    return Done(said=f"{agreed.version}, {agreed.cipher}; {who}")


async def _options(stage: Stage, given: Given) -> "TlsOptions":
    from workbench.wire.tls.values import Identity, Policy, TlsOptions, Trust, Version

    trust, identity = Trust(False), None
    if given.get("trust", "lab") == "lab" or "identity" in given:
        if stage.authority is None:
            raise LocalMisuse("the Lab's certificates need the Lab", stage="experiment")
        lab = await stage.authority()
        if given.get("trust", "lab") == "lab":
            trust = Trust(False, lab.certificate)
        if "identity" in given:
            identity = Identity(lab.client_certificate, lab.client_key)
    return TlsOptions(
        server_name=str(given.get("name", "localhost")),
        min_version=cast(Version, given.get("min_version", "")),
        max_version=cast(Version, given.get("max_version", "")),
        identity=identity,
        trust=trust,
        untrusted=cast(Policy, given.get("untrusted", "stop")),
    )


async def _insist(stage: Stage, given: Given, _name: str) -> Done:
    wanted = cast(bytes, given["text"])
    if wanted not in stage.octets(given["of"]).data:
        raise Refused(f"{quoted(wanted)} is not there", stage="experiment", committed="no")
    return Done(said="it is there")


async def _tap(stage: Stage, given: Given, name: str) -> Done:
    target, resolver = stage.where(given["to"], "tcp")
    tap = await open_tap(target, resolver, stage.transcript, title=name, host=LOOPBACK)
    return Done(stage.keep(tap), f"at {tap.address}")


async def _flip(stage: Stage, given: Given, _name: str) -> Done:
    stage.tap(given["on"]).flip_next(cast(Way, given["way"]))
    return Done()


async def _rewrite(stage: Stage, given: Given, _name: str) -> Done:
    tap = stage.tap(given["on"])
    tap.rewrite(cast(Way, given["way"]), cast(bytes, given["find"]), cast(bytes, given["put"]))
    return Done()


CARRY_SECURE: dict[str, Carry] = {
    "start-tls": _start_tls,
    "insist": _insist,
    "tap": _tap,
    "flip": _flip,
    "rewrite": _rewrite,
}
