"""Judging: OpenSSL's decisions as reasons with their words; of a file the same question to the same OpenSSL."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from OpenSSL import crypto

from workbench.errors import LocalMisuse
from workbench.formats.x509.certificate import read_certificate
from workbench.formats.x509.name_check import NameCheck, check_names
from workbench.formats.x509.values import Certificate
from workbench.protocols.certificates.explain import explained
from workbench.protocols.certificates.values import Judgement, Reason, Store
from workbench.wire.tls.setup import client_setup
from workbench.wire.tls.values import Handshake, TlsOptions

_NAME_CODES = (62, 64)
_FOLLOWS = {21: (18, 19, 20)}
"""Codes that only repeat another one: nobody known vouches, since the issuer is unknown."""


def judge_handshake(
    handshake: Handshake, store: Store, expected: str, sent: Sequence[Certificate]
) -> Judgement:
    """What OpenSSL decided in a handshake that went on whatever it found.

    Args:
        expected: the name that was asked for; "" for none. sent: the chain as sent, read.
    """
    if not sent:
        return Judgement(False, (Reason("none-shown", 0, 0, "", "the server showed no certificate"),), store)
    name = check_names(expected, sent[0].names) if expected else None
    verified = tuple(read_certificate(each.der) for each in handshake.verified)
    seen = (*verified, *sent)
    reasons = [
        _reason(decision.code, decision.depth, decision.subject, decision.sentence, name, seen)
        for decision in handshake.decisions
        if not decision.accepted
    ]
    if name is not None and not name.matched and not any(reason.kind == "name" for reason in reasons):
        # OpenSSL stopped before the name, or sees it otherwise: then ours counts.
        reasons.append(_reason(_NAME_CODES[0], 0, sent[0].subject, "", name))
    return Judgement(not reasons, _once(reasons), store, name, verified)


def judge_chain(chain: Sequence[Certificate], store: Store, expected: str, now: datetime) -> Judgement:
    """A chain of a file, its first certificate's, judged as a server's would be.

    Raises: LocalMisuse: the trust store can't be used.
    """
    name = check_names(expected, chain[0].names) if expected else None
    reasons: list[Reason] = []
    verified: tuple[Certificate, ...] = ()
    try:
        own, *others = [crypto.load_certificate(crypto.FILETYPE_ASN1, each.der) for each in chain]
    except crypto.Error:
        first = chain[0].faults[0] if chain[0].faults else chain[0].strict
        sentence = f"it can't be read as a whole: {first}"
        reasons.append(Reason("damaged", 0, 0, chain[0].subject, sentence, "get the file again"))
    else:
        # The store that pyOpenSSL hands out is the context's own: it lives as long as that is held here.
        setup = client_setup(TlsOptions(trust=store.trust))
        trusted = setup.context.get_cert_store()
        if trusted is None:
            raise LocalMisuse("there is nothing to trust", stage="open")
        trusted.set_time(now)
        context = crypto.X509StoreContext(trusted, own, others)
        try:
            verified = tuple(_read(each) for each in context.get_verified_chain())
        except crypto.X509StoreContextError as error:
            code, depth, words = error.errors[:3]
            reasons.append(
                _reason(int(code), int(depth), _subject_at(chain, int(depth)), str(words), None, chain)
            )
    reasons += _dates(chain, now)
    if name is not None and not name.matched:
        reasons.append(_reason(_NAME_CODES[0], 0, chain[0].subject, "", name))
    return Judgement(not reasons, _once(reasons), store, name, verified)


def _read(certificate: crypto.X509) -> Certificate:
    return read_certificate(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate))


def _subject_at(chain: Sequence[Certificate], depth: int) -> str:
    return chain[depth].subject if 0 <= depth < len(chain) else ""


def _dates(chain: Iterable[Certificate], now: datetime) -> list[Reason]:
    """Of a file OpenSSL tells only the first reason; dates are looked at whatever it said."""
    found: list[Reason] = []
    for depth, certificate in enumerate(chain):
        if certificate.not_after is not None and certificate.not_after < now:
            found.append(_reason(10, depth, certificate.subject, "", None, (certificate,)))
        if certificate.not_before is not None and certificate.not_before > now:
            found.append(_reason(9, depth, certificate.subject, "", None, (certificate,)))
    return found


def _reason(
    code: int,
    depth: int,
    subject: str,
    words: str,
    name: NameCheck | None,
    seen: Sequence[Certificate] = (),
) -> Reason:
    whose = "the certificate" if depth == 0 else f"certificate {depth} of the chain"
    told = f"{whose} ({subject})" if subject else whose
    kind, sentence, advice, source = explained(code, told, words)
    if kind == "name" and name is not None:
        sentence = name.sentence
        advice = "ask for it by a name it holds, or get one that holds this name"
    elif kind in ("expired", "not-yet-valid"):
        sentence += _when(kind, next((each for each in seen if each.subject == subject), None))
    return Reason(kind, code, depth, subject, sentence, advice, source)


def _when(kind: str, certificate: Certificate | None) -> str:
    """The moment behind "has expired"; "" where none can be read."""
    if certificate is None:
        return ""
    moment = certificate.not_after if kind == "expired" else certificate.not_before
    if moment is None:
        return ""
    return f": {'it ended' if kind == 'expired' else 'it begins'} on {moment:%Y-%m-%d %H:%M:%S} UTC"


def _once(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Each reason once: OpenSSL repeats itself at other depths and in other words."""
    codes = {reason.code for reason in reasons}
    kept: dict[tuple[str, int], Reason] = {}
    for reason in reasons:
        if any(before in codes for before in _FOLLOWS.get(reason.code, ())):
            continue
        kept.setdefault((reason.kind, reason.depth), reason)
    return tuple(kept.values())
