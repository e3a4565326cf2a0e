"""Frames of a recorded conversation: behind the heads of both directions, in the order in which they were whole."""

from workbench.protocols.websocket.codec import encode_frame
from workbench.protocols.websocket.frames import FrameFollower, passed_frames
from workbench.protocols.websocket.handshake import new_nonce, read_address, request
from workbench.transcript.recorder import Transcript


def recorded() -> Transcript:
    transcript = Transcript()
    channel = transcript.open("websocket x", "tcp")
    channel.sent(request(read_address("h:80"), new_nonce()))
    channel.received(b"HTTP/1.1 101 Switching")
    channel.received(b" Protocols\r\n\r\n" + encode_frame(1, b"hello")[:3])
    transcript.open("other", "tcp").received(encode_frame(1, b"not this one"))
    channel.sent(encode_frame(9, b"?", key=b"1234"))
    channel.received(encode_frame(1, b"hello")[3:])
    return transcript


def test_frames_come_in_the_order_in_which_they_were_whole():
    transcript = recorded()
    found = list(passed_frames(transcript, 0, 10))
    assert [(each.direction.value, each.frame.name, each.event) for each in found] == [
        ("sent", "ping", 4),
        ("received", "text", 5),
    ]
    assert len(list(passed_frames(transcript, 0, 1))) == 1
    transcript.close()


def test_without_a_head_nothing_is_read_for_ever():
    transcript = Transcript()
    channel = transcript.open("x", "tcp")
    channel.received(b"x" * 70_000)
    channel.fact("close", unread=0)
    channel.received(b"\r\n\r\n")
    follower = FrameFollower(is_server=True)
    assert [follower.feed(event, transcript.data(event)) for event in transcript.events()] == [(), (), ()]
    assert follower.fault
    transcript.close()
