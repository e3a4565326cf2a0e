"""What the system tells of a connection."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.target import parse_target
from workbench.transcript.recorder import Transcript
from workbench.wire.datagram import open_datagram
from workbench.wire.dial import dial
from workbench.wire.listen import listen
from workbench.wire.tcpinfo import parse_tcp_info

LOOPBACK = parse_target("127.0.0.1:0", listening=True)


async def test_a_live_connection_tells_its_state_and_figures():
    transcript = Transcript()
    async with await listen(LOOPBACK, transcript) as listener:
        client = await dial(parse_target(listener.address), transcript)
        server = await listener.accept()
        await client.send(b"x" * 1000)
        assert len(await server.read_exactly(1000)) == 1000
        info = client.tcp_info()
        assert info is not None
        assert info.state == "ESTABLISHED"
        assert info.snd_mss > 0
        assert info.rtt_us > 0
        # Its own octets, and the SYN, which is acknowledged like one (RFC 9293 section 3.4).
        assert info.bytes_acked is None or info.bytes_acked <= 1001
        assert info.bytes_sent in (None, 1000)
        await server.finish()
        assert await client.read() == b""
        info = client.tcp_info()
        assert info is not None
        assert info.state == "CLOSE-WAIT"
        await client.aclose()
        await server.aclose()
        assert client.tcp_info() is None
        assert client.queues() is None
    transcript.close()


async def test_the_queues_say_where_the_octets_are():
    transcript = Transcript()
    async with await listen(LOOPBACK, transcript) as listener:
        client = await dial(parse_target(listener.address), transcript)
        server = await listener.accept()
        await client.send(b"12345")
        while True:
            queues = server.queues()
            assert queues is not None
            if queues.unread:
                break
        assert queues.unread == 5
        await server.read()
        queues = server.queues()
        assert queues is not None
        assert (queues.unread, queues.unacknowledged) == (0, 0)
        await client.aclose()
        await server.aclose()
    transcript.close()


async def test_a_datagram_socket_has_no_tcp_info():
    transcript = Transcript()
    async with await open_datagram(transcript, local=LOOPBACK) as datagram:
        from workbench.wire.tcpinfo import read_tcp_info

        assert read_tcp_info(datagram._sock) is None
    transcript.close()


@given(st.binary(max_size=400))
def test_any_octets_are_read_as_far_as_they_go(data: bytes):
    info = parse_tcp_info(data)
    assert (info is None) == (len(data) < 104)
    assert info is None or (info.snd_wnd is None) == (len(data) < 232)


def test_fields_stand_where_the_kernel_puts_them():
    data = struct.pack("=8B24I", 8, 0, 3, 4, 0, 0, 0, 0, *range(100, 124))
    data += struct.pack("=4Q6I4Q2I2Q4I", *range(200, 222))
    info = parse_tcp_info(data)
    assert info is not None
    assert (info.state, info.retransmits, info.probes) == ("CLOSE-WAIT", 3, 4)
    # linux/tcp.h counts: rto is the first of the 32-bit fields, rtt the sixteenth, total_retrans the last.
    assert (info.rto_us, info.pmtu, info.rtt_us, info.snd_cwnd, info.total_retrans) == (
        100,
        113,
        115,
        118,
        123,
    )
    assert (info.bytes_acked, info.segs_out, info.min_rtt_us, info.delivery_rate) == (202, 204, 207, 210)
    assert (info.bytes_sent, info.bytes_retrans, info.snd_wnd) == (216, 217, 221)
