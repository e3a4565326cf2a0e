"""The same questions as a script on dnspython and as a command line of dig, which run without the workbench."""

import shlex
from typing import NamedTuple

from workbench.formats.target import Target
from workbench.protocols.dns.names import Address, plain_address, reverse_name
from workbench.protocols.dns.values import Question, Wish


class Recipe(NamedTuple):
    """What to ask. server: HOST:PORT, never lab:NAME. address: check this one in reverse; then question is None."""

    server: Target
    wish: Wish
    question: Question | None = None
    address: Address | None = None
    note: str = ""


def dig(recipe: Recipe) -> str:
    """Command lines of dig (bind9-dnsutils); for a reverse check those that a person repeats for every name."""
    wish, server = recipe.wish, recipe.server
    options = []
    if wish.transport == "tcp":
        options.append("+tcp")
    if not wish.recursion:
        options.append("+norecurse")
    if wish.dnssec:
        options.append("+dnssec")
    options.append(f"+bufsize={wish.edns}" if wish.edns else "+noedns" if not wish.dnssec else "+bufsize=512")
    where = [f"@{server.host}", *(["-p", str(server.port)] if server.port != 53 else [])]
    note = f"# {recipe.note}\n" if recipe.note else ""
    if recipe.question is not None:
        q = recipe.question
        return note + shlex.join(["dig", *where, "-q", q.name, "-t", q.type, "-c", q.cls, *options]) + "\n"
    assert recipe.address is not None
    first = shlex.join(["dig", *where, "-q", reverse_name(recipe.address), "-t", "PTR", *options, "+short"])
    kind = "A" if plain_address(recipe.address).version == 4 else "AAAA"
    then = shlex.join(["dig", *where, *options, "+short"])
    return (
        f"{note}# Which names does the address claim, and which addresses does each of them have?\n"
        f'for name in $({first}); do\n    echo "$name"; {then} -q "$name" -t {kind}\ndone\n'
    )


def python(recipe: Recipe) -> str:
    """The script; it needs the package dnspython, since the standard library asks the system's servers only."""
    body = _question(recipe) if recipe.question is not None else _reverse(recipe)
    note = recipe.note or "Ask a name server."
    return f'"""{note} Needs the package dnspython."""\n\n{_head(recipe)}{body}'


def _head(recipe: Recipe) -> str:
    wish = recipe.wish
    edns = f"use_edns=0, payload={wish.edns or 512}" if wish.edns or wish.dnssec else "use_edns=False"
    dnssec = ", want_dnssec=True" if wish.dnssec else ""
    recursion = "" if wish.recursion else "    query.flags &= ~dns.flags.RD\n"
    flags = "" if wish.recursion else "import dns.flags\n"
    asking = (
        "    return dns.query.tcp(query, HOST, timeout=30, port=PORT)"
        if wish.transport == "tcp"
        else "    # By UDP; by TCP where the answer was cut off. Answers that don't belong are ignored.\n"
        "    return dns.query.udp_with_fallback(query, HOST, timeout=30, port=PORT, ignore_unexpected=True)[0]"
    )
    sys_ = "import sys\n\n" if recipe.question is None else ""
    return f"""{sys_}{flags}import dns.message
import dns.query
import dns.rcode
{"import dns.reversename" if recipe.question is None else ""}
HOST, PORT = {recipe.server.host!r}, {recipe.server.port}


def ask(name, kind, rdclass="IN"):
    query = dns.message.make_query(name, kind, rdclass, {edns}{dnssec})
{recursion}{asking}


"""


def _question(recipe: Recipe) -> str:
    q = recipe.question
    assert q is not None
    return f"""answer = ask({q.name!r}, {q.type!r}, {q.cls!r})
print(dns.rcode.to_text(answer.rcode()))
for rrset in answer.answer:
    print(rrset)
"""


def _reverse(recipe: Recipe) -> str:
    assert recipe.address is not None
    return f"""def records(name, kind):
    return [item for rrset in ask(name, kind).answer for item in rrset if item.rdtype.name == kind]


ADDRESS = {str(plain_address(recipe.address))!r}
matches = False
for claim in records(dns.reversename.from_address(ADDRESS), "PTR"):
    addresses = [item.address for kind in ("A", "AAAA") for item in records(claim.target, kind)]
    matches = matches or ADDRESS in addresses
    print(claim.target, *addresses)
print("match" if matches else "no match")
sys.exit(not matches)
"""
