"""What follows a redirect: the next request, or why there is none, each decision in words (RFC 9110 section 15.4)."""

from dataclasses import replace
from typing import Final, NamedTuple

from workbench.errors import LocalMisuse, PeerMisbehaved, Refused, WorkbenchError
from workbench.protocols.http.url import led_to, read_url
from workbench.protocols.http.values import Head, Request

MAX_REDIRECTS: Final = 10
"""Hops that are followed; RFC 2068 advised five, curl takes 30, browsers 20."""
FOLLOWED: Final = frozenset({301, 302, 303, 307, 308})
_OF_ORIGIN: Final = frozenset({"authorization", "proxy-authorization", "cookie"})
_OF_BODY: Final = frozenset({"content-type", "content-length", "content-encoding", "content-language"})


class Next(NamedTuple):
    """What follows. request None: nothing, and `failure` says why where that is no choice of ours.

    location: where it leads. rule, dropped: as in Hop.
    """

    location: str
    rule: str
    dropped: tuple[str, ...] = ()
    request: Request | None = None
    failure: WorkbenchError | None = None


def after(request: Request, head: Head) -> Next | None:
    """What the answer leads to; None where it is no redirect that can be followed."""
    if head.status not in FOLLOWED:
        return None
    location = head.first("location")
    if location is None:
        return Next("", f"{head.status} without Location: there is nowhere to go")
    base = read_url(request.url, is_secure=request.is_secure)
    try:
        url = led_to(base, location)
    except LocalMisuse as mistake:
        failure = Refused(
            f"the redirect is not followed: {mistake.what}",
            stage="redirect",
            reply=f"Location: {location}"[:200],
            advice="the answer that holds it is shown",
            source=mistake.source,
        )
        return Next(location, failure.what, failure=failure)
    method, rule = _method(request.method, head.status)
    following = replace(request, url=url.text, method=method, is_secure=url.is_secure)
    dropped: list[str] = []
    if method != request.method and request.method not in ("GET", "HEAD"):
        following, names = _without(following, _OF_BODY)
        if request.body:
            dropped.append(f"the body of {len(request.body):,} octets: {method} has none")
        dropped += [f"{name}: it described the body" for name in names]
        following = replace(following, body=b"", secret=())
    if url.origin != base.origin:
        following, names = _without(following, _OF_ORIGIN)
        why = f"{url.authority} is another origin"
        if following.login is not None:
            following = replace(following, login=None)
            names.append("Authorization")
        dropped += [f"{name}: {why}" for name in names]
        # The old origin's name would ask the new one for somebody else.
        following, names = _without(following, frozenset({"host"}))
        dropped += [f"{name}: {why}" for name in names]
        if base.is_secure and not url.is_secure:
            rule += "; it leads out of TLS"
        if following.body:
            rule += "; the body goes to another origin"
    return Next(url.text, rule, tuple(dropped), following)


def too_many(limit: int) -> WorkbenchError:
    """The failure once so many were followed."""
    return PeerMisbehaved(
        f"more than {limit} redirects in a row",
        stage="redirect",
        advice="ask for the last address by itself, or allow more",
        source="RFC 9110 section 15.4",
    )


def in_circle(url: str, hops: int) -> WorkbenchError:
    """The failure of a redirect that leads to a request that was made before."""
    where = "itself" if hops == 1 else f"what was asked {hops} hops before"
    return PeerMisbehaved(
        f"the redirects go in a circle: {url} leads back to {where}",
        stage="redirect",
        source="RFC 9110 section 15.4",
    )


def _method(method: str, status: int) -> tuple[str, str]:
    if status in (307, 308):
        return method, f"{status} keeps {method} and its body"
    if status == 303:
        new = "HEAD" if method == "HEAD" else "GET"
        return new, f"303 is fetched by {new}" + (f", whatever {method} did" if method != new else "")
    if method == "POST":
        return "GET", f"{status} makes POST a GET, as browsers always did"
    return method, f"{status} keeps {method}"


def _without(request: Request, names: frozenset[str]) -> tuple[Request, list[str]]:
    """The request without these fields, and the names of those that it had."""
    dropped = [name for name, _ in request.headers if name.lower() in names]
    kept = tuple((name, value) for name, value in request.headers if name.lower() not in names)
    return replace(request, headers=kept), dropped
