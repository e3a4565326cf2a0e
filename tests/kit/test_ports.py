import socket

import pytest

from tests.kit.ports import FIRST, LAST, STEP, free_port


def test_no_port_is_given_twice_and_none_that_the_system_would_give():
    given = [free_port() for _ in range(50)]
    assert len(set(given)) == 50
    assert all(FIRST <= port < LAST for port in given)


@pytest.mark.parametrize("apart", range(1, 21))
def test_processes_with_ids_near_each_other_have_hundreds_of_ports_of_their_own(apart: int):
    range_ = LAST - FIRST
    assert min(apart * STEP % range_, -apart * STEP % range_) > 400


def test_a_port_in_use_at_one_address_is_left_out():
    port = free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.2", port + 1))
        assert free_port() != port + 1
