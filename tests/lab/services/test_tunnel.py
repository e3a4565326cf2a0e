"""Where the Lab's proxies lead, and where they don't."""

import pytest

from tests.kit.scripted_peer import scripted_peer
from workbench.errors import Refused
from workbench.lab.services.tunnel import reach


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST"])
async def test_this_machine_is_reached_by_any_of_its_names(host: str):
    with scripted_peer([("wait_eof",)], host="0.0.0.0") as peer:
        stream = await reach(host, peer.port)
        await stream.aclose()


@pytest.mark.parametrize("host", ["192.0.2.1", "::2", "evil.test", "", "2130706433", "127.0.0.1.evil.test"])
async def test_nothing_else_is(host: str):
    with pytest.raises(Refused, match="this machine only"):
        await reach(host, 80)
