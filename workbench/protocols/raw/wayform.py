"""The way to a peer as a person asks for it: a proxy, an address of ours, socket options; read field by field."""

import re
from typing import NamedTuple

from workbench.errors import LocalMisuse
from workbench.formats.proxy_address import Proxy, parse_proxy
from workbench.formats.target import Target, parse_target
from workbench.protocols.raw.field import in_field, mistake_in
from workbench.protocols.raw.values import Way
from workbench.wire.options import Setting, parse_setting

_WORD = re.compile(r"[^\s,;]+")


class WayForm(NamedTuple):
    """What was typed; never a password. local: HOST or HOST:PORT. options: "NODELAY=1 TTL=3", in any order."""

    proxy: str = ""
    proxy_user: str = ""
    local: str = ""
    options: str = ""


def read_way(form: WayForm, password: str, *, role: str, transport: str, is_unix: bool = False) -> Way:
    """The way that a form asks for. What a role or a transport has not is left out: nobody sees its field then.

    Raises: FieldMistake with the field and the place; also for a way to the network when the target `is_unix`.
    """
    if role != "client":
        return Way(settings=read_settings(form.options))
    if is_unix:
        _check_near(form, transport)
    return Way(
        read_proxy(form, password) if transport == "tcp" else None,
        read_local(form.local),
        read_settings(form.options),
    )


def _check_near(form: WayForm, transport: str) -> None:
    texts = (("proxy", form.proxy if transport == "tcp" else ""), ("local", form.local))
    for field, text in texts:
        if text.strip():
            what = "a Unix socket is a file of this machine: no way of the network leads there"
            raise mistake_in(field, what, text, advice="leave it out")


def read_proxy(form: WayForm, password: str) -> Proxy | None:
    """The proxy; None for none. Raises: FieldMistake: no proxy's address, or a login that lacks a part."""
    text = form.proxy.strip()
    user = form.proxy_user
    if not text:
        return None
    try:
        proxy = parse_proxy(text)
    except LocalMisuse as misuse:
        raise in_field("proxy", misuse) from misuse
    if not user:
        if password:
            raise mistake_in("proxy_user", "a password without the user it belongs to")
        return proxy
    if not password:
        raise mistake_in("password", "the proxy's password is missing")
    return proxy._replace(user=user, password=password)


def read_local(text: str) -> Target | None:
    """The address to call from; None for the system's choice. Raises: FieldMistake."""
    text = text.strip()
    if not text:
        return None
    try:
        target = parse_target(text, listening=True, default_port=0)
    except LocalMisuse as misuse:
        raise in_field("local", misuse) from misuse
    if target.scheme != "tcp":
        what = f"{text} is no address to call from"
        raise mistake_in("local", what, text, advice="write HOST or HOST:PORT")
    return target


def read_settings(text: str) -> tuple[Setting, ...]:
    """The options, with blanks or commas between them. Raises: FieldMistake with the place of the wrong one."""
    settings = []
    for word in _WORD.finditer(text):
        try:
            settings.append(parse_setting(word[0]))
        except LocalMisuse as misuse:
            misuse.text, end = text, misuse.end if misuse.end is not None else len(word[0])
            misuse.start, misuse.end = word.start() + (misuse.start or 0), word.start() + end
            raise in_field("options", misuse) from misuse
    return tuple(settings)
