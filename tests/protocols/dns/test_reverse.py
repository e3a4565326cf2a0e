"""The sanity check of reverse names: five verdicts, every branch of the evidence, and what it costs.

Also for workbench.protocols.dns.follow, by which it asks.
"""

import itertools
from ipaddress import ip_address

import pytest

from tests.protocols.dns.messages import SOA, build
from workbench.errors import LinkLost, LocalFault, TooSlow
from workbench.protocols.dns.codec import decode
from workbench.protocols.dns.follow import follow
from workbench.protocols.dns.outcome import judge
from workbench.protocols.dns.reverse import IPREV, MAX_NAMES, STATES, ReverseCheck, Verdict, check_reverse
from workbench.protocols.dns.values import Lookup, Outcome, Question
from workbench.transcript.recorder import Transcript

PTR = "1.2.0.192.in-addr.arpa."


class Zone:
    """A server in memory: from (name, type) to records, a result, or a failure."""

    def __init__(self, says: dict[tuple[str, str], object]) -> None:
        self.says = says
        self.asked: list[Question] = []

    async def ask(self, question: Question) -> Lookup:
        self.asked.append(question)
        said = self.says.get((question.name, question.type), "NXDOMAIN")
        if isinstance(said, Exception):
            raise said
        records = said if isinstance(said, tuple) else ()
        rcode = said if isinstance(said, str) else "NOERROR"
        authority = (SOA,) if not records and rcode in ("NOERROR", "NXDOMAIN") else ()
        wire = build(*records, name=question.name, kind=question.type, rcode=rcode, authority=authority)
        message = decode(wire.to_wire(max_size=65535))
        judged = judge(question, message)
        return Lookup(
            question,
            judged.outcome,
            message,
            "udp",
            False,
            "",
            1,
            (),
            0,
            (),
            judged.chain,
            judged.found,
            1,
            0,
        )


def ptr(*names: str, at: str = PTR) -> tuple[str, ...]:
    return tuple(f"{at} 300 PTR {name}" for name in names)


async def checked(says: dict[tuple[str, str], object], address: str = "192.0.2.1") -> ReverseCheck:
    transcript = Transcript()
    transcript.open("dns", "udp")
    check = await check_reverse(ip_address(address), Zone(says).ask, transcript)
    facts = [event for event in transcript.events() if event.name == "dns.verdict"]
    assert len(facts) == (1 if check.lookups else 0)
    transcript.close()
    return check


A, B = "a.test.", "b.test."


@pytest.mark.parametrize(
    ("says", "verdict", "state"),
    [
        ({(PTR, "PTR"): ptr(A), (A, "A"): ("a.test. 300 A 192.0.2.1",)}, Verdict.MATCH, "match"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): ("a.test. 300 A 192.0.2.2",)}, Verdict.MISMATCH, "mismatch"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): ()}, Verdict.FORWARD_FAILS, "no address"),
        ({(PTR, "PTR"): ptr(A)}, Verdict.FORWARD_FAILS, "nxdomain"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): ("a.test. 300 CNAME a.test.",)}, Verdict.FORWARD_FAILS, "loop"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): "SERVFAIL"}, Verdict.UNKNOWN, "servfail"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): "REFUSED"}, Verdict.UNKNOWN, "refused"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): TooSlow("late")}, Verdict.UNKNOWN, "no answer"),
        ({(PTR, "PTR"): ptr(A), (A, "A"): LinkLost("gone")}, Verdict.UNKNOWN, "no answer"),
    ],
)
async def test_one_name_and_what_it_leads_to(says, verdict: Verdict, state: str):
    check = await checked(says)
    assert (check.verdict, [name.state for name in check.names]) == (verdict, [state])
    assert "192.0.2.1" in check.sentence
    assert "a.test" in check.sentence


@pytest.mark.parametrize("says", [{}, {(PTR, "PTR"): ()}])
async def test_no_name_is_allowed(says):
    check = await checked(says)
    assert (check.verdict, check.names) == (Verdict.NO_NAME, ())
    assert "allowed" in check.sentence


@pytest.mark.parametrize("said", ["SERVFAIL", "REFUSED", TooSlow("late"), (f"{PTR} 300 CNAME {PTR}",)])
async def test_a_server_that_does_not_say_proves_nothing(said):
    check = await checked({(PTR, "PTR"): said})
    assert check.verdict is Verdict.UNKNOWN
    assert (check.failure is not None) is isinstance(said, TooSlow)
    assert "nothing is known" in check.sentence


async def test_one_name_that_leads_back_is_enough():
    check = await checked(
        {(PTR, "PTR"): ptr(A, B), (B, "A"): ("b.test. 300 A 192.0.2.9", "b.test. 300 A 192.0.2.1")}
    )
    assert check.verdict is Verdict.MATCH
    assert [name.state for name in check.names] == ["nxdomain", "match"]
    assert "leads to b.test and back" in check.sentence
    assert "1 other name" in check.sentence


async def test_a_name_that_is_not_known_leaves_the_whole_open():
    check = await checked(
        {(PTR, "PTR"): ptr(A, B), (A, "A"): ("a.test. 300 A 192.0.2.2",), (B, "A"): TooSlow("late")}
    )
    assert check.verdict is Verdict.UNKNOWN


async def test_aliases_are_followed_both_ways():
    part = "1.0-15.2.0.192.in-addr.arpa."
    check = await checked(
        {
            (PTR, "PTR"): (f"{PTR} 300 CNAME {part}",),
            (part, "PTR"): ptr(A, at=part),
            (A, "A"): ("a.test. 300 CNAME b.test.", "b.test. 300 A 192.0.2.1"),
        }
    )
    assert check.verdict is Verdict.MATCH
    assert check.claims is not None
    assert check.claims.chain == (PTR, part)
    assert check.names[0].steps[0].chain == (A, B)


@pytest.mark.parametrize(
    ("address", "asked", "record"),
    [
        ("2001:db8::1", "AAAA", "a.test. 300 AAAA 2001:db8:0:0::1"),
        ("::ffff:192.0.2.1", "A", "a.test. 300 A 192.0.2.1"),
        ("192.0.2.1", "AAAA", "a.test. 300 AAAA ::ffff:192.0.2.1"),
    ],
)
async def test_addresses_are_compared_by_value(address: str, asked: str, record: str):
    from workbench.protocols.dns.names import reverse_name

    at = reverse_name(ip_address(address))
    other = "A" if asked == "AAAA" else "AAAA"
    check = await checked({(at, "PTR"): ptr(A, at=at), (A, asked): (record,), (A, other): ()}, address)
    assert check.verdict is Verdict.MATCH


async def test_both_families_belong_to_the_evidence():
    check = await checked(
        {
            (PTR, "PTR"): ptr(A),
            (A, "A"): ("a.test. 300 A 192.0.2.1",),
            (A, "AAAA"): ("a.test. 300 AAAA 2001:db8::1",),
        }
    )
    assert [(found.type, found.is_equal) for found in check.names[0].addresses] == [
        ("A", True),
        ("AAAA", False),
    ]


async def test_no_more_names_are_followed_than_a_limit_and_it_says_so():
    names = [f"n{n}.test." for n in range(MAX_NAMES + 3)]
    zone = Zone({(PTR, "PTR"): ptr(*names)})
    transcript = Transcript()
    transcript.open("dns", "udp")
    check = await check_reverse(ip_address("192.0.2.1"), zone.ask, transcript)
    transcript.close()
    assert (len(check.names), check.left_out, len(zone.asked)) == (MAX_NAMES, 3, MAX_NAMES + 1)
    assert check.verdict is Verdict.UNKNOWN
    assert "3 names" in check.sentence


async def test_a_name_that_is_claimed_twice_is_followed_once():
    check = await checked({(PTR, "PTR"): ptr(A, A), (A, "A"): ("a.test. 300 A 192.0.2.1",)})
    assert len(check.names) == 1


async def test_how_far_it_is_is_told():
    told: list[ReverseCheck] = []
    transcript = Transcript()
    transcript.open("dns", "udp")
    zone = Zone({(PTR, "PTR"): ptr(A, B)})
    await check_reverse(ip_address("192.0.2.1"), zone.ask, transcript, told.append)
    transcript.close()
    assert [(len(check.names), check.verdict is None) for check in told] == [
        (0, True),
        (0, True),
        (1, True),
        (2, True),
        (2, False),
    ]


async def test_a_fault_of_this_machine_is_no_verdict():
    with pytest.raises(LocalFault):
        await checked({(PTR, "PTR"): LocalFault("the disk is full")})


def test_every_verdict_has_the_word_that_mail_headers_use():
    assert set(IPREV) == set(Verdict)
    assert set(IPREV.values()) <= {"pass", "fail", "temperror", "permerror"}


def test_every_outcome_of_a_name_has_its_words():
    assert {outcome.value for outcome in Outcome} - set(STATES) == {"answer", "nodata"}


# ---- following aliases


async def test_an_alias_that_leads_elsewhere_is_asked_for_until_it_ends():
    zone = Zone({(A, "A"): ("a.test. 300 CNAME b.test.",), (B, "A"): ("b.test. 300 A 192.0.2.1",)})
    # The first answer holds the alias alone, without a SOA: the server is not in charge of its target.
    followed = await follow(Question(A, "A"), zone.ask)
    assert followed.outcome is Outcome.ANSWER
    assert (followed.chain, len(followed.lookups)) == ((A, B), 2)


async def test_aliases_that_lead_back_through_other_answers_end():
    zone = Zone({(A, "A"): ("a.test. 300 CNAME b.test.",), (B, "A"): ("b.test. 300 CNAME a.test.",)})
    followed = await follow(Question(A, "A"), zone.ask)
    assert (followed.outcome, len(zone.asked)) == (Outcome.LOOP, 2)


async def test_an_endless_row_of_aliases_ends():
    names = [f"n{n}.test." for n in range(100)]
    zone = Zone({(a, "A"): (f"{a} 300 CNAME {b}",) for a, b in itertools.pairwise(names)})
    followed = await follow(Question(names[0], "A"), zone.ask)
    assert followed.outcome is Outcome.LOOP
    assert len(zone.asked) < 20


async def test_a_server_that_is_silent_is_a_value():
    followed = await follow(Question(A, "A"), Zone({(A, "A"): TooSlow("late")}).ask)
    assert (followed.outcome, followed.lookups) == (None, ())
    assert isinstance(followed.failure, TooSlow)
