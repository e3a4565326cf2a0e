"""The system's table of connections: read as the kernel writes it, whatever stands in it."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.target import parse_target
from workbench.protocols.flow import table
from workbench.protocols.flow.table import Entry, find_entry, read_entry
from workbench.transcript.recorder import Transcript
from workbench.wire.dial import dial
from workbench.wire.listen import listen

HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n"
LINE = "   0: 0100007F:0016 0200007F:C350 01 0000000A:00000400 00:00000000 00000000     0        0 1 1\n"
SIX = "   1: 00000000000000000000000001000000:0050 00000000000000000000000001000000:1F90 08 0:1 00:0 0 0 0 1 1\n"


def test_both_families_are_found():
    text = HEAD + LINE + SIX
    assert find_entry(text, "127.0.0.1:22", "127.0.0.2:50000") == Entry(
        "127.0.0.1:22", "127.0.0.2:50000", "ESTABLISHED", 10, 1024
    )
    assert find_entry(text, "[::1]:80", "[::1]:8080") == Entry("[::1]:80", "[::1]:8080", "CLOSE-WAIT", 0, 1)
    assert find_entry(text, "127.0.0.1:22", "127.0.0.2:50001") is None


def test_an_address_that_is_mapped_into_ipv6_is_the_same_one():
    mapped = LINE.replace("0100007F:", "0000000000000000FFFF00000100007F:")
    mapped = mapped.replace("0200007F:", "0000000000000000FFFF00000200007F:")
    found = find_entry(HEAD + mapped, "127.0.0.1:22", "127.0.0.2:50000")
    assert found is not None
    assert (found.local, found.unread) == ("127.0.0.1:22", 1024)


@given(st.lists(st.text(st.characters(codec="ascii"), max_size=120), max_size=8))
def test_any_lines_are_entries_or_left_out(lines):
    broken = LINE.replace("0000000A:00000400", "x:y")
    text = "\n".join([HEAD, *lines, broken])
    assert find_entry(text, "127.0.0.1:22", "127.0.0.2:50000") is None
    assert find_entry(text.removesuffix(broken) + LINE, "127.0.0.1:22", "127.0.0.2:50000") is not None


async def test_both_ends_of_a_connection_of_this_machine_are_found(monkeypatch):
    transcript = Transcript()
    async with await listen(parse_target("127.0.0.1:0", listening=True), transcript) as listener:
        client = await dial(parse_target(listener.address), transcript)
        server = await listener.accept()
        await client.send(b"unread")
        # The table is the system's: it tells nobody that it has changed.
        while (found := read_entry(client.peer, client.local)) is None or found.unread != 6:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        assert found.state == "ESTABLISHED"
        assert read_entry(client.local, "192.0.2.1:1") is None
        monkeypatch.setattr(table, "PLACES", ("/nowhere/tcp",))
        assert read_entry(client.peer, client.local) is None
        await client.aclose()
        await server.aclose()
    transcript.close()
