"""A listener that waits in accept()."""

import socket

from workbench.wire.blocking import listening_socket


def test_it_listens_on_a_free_port_and_blocks():
    with listening_socket() as listener:
        assert listener.getblocking()
        with socket.create_connection(listener.getsockname(), 10) as client:
            accepted, peer = listener.accept()
            with accepted:
                assert peer == client.getsockname()
