"""Sessions with FTP servers in experiments: said in plain words, carried out, and what can be seen of them.

The verbs stand in workbench.experiments.verbs_ftp, what they do in workbench.experiments.steps_ftp, and what can be
seen in workbench.experiments.things_ftp.
"""

import pytest

from tests.experiments.samples import HEAD
from tests.experiments.test_verbs import card
from tests.lab.houses import places_in
from workbench.experiments.player import Player
from workbench.experiments.verbs_ftp import FILES
from workbench.lab.supervisor import Lab

STEPS = """
[lab]
start = [
    { name = "ftp", as = "files", mlsd = false, epsv = false, pasv_address = "192.0.2.1" },
    { name = "ftp", as = "cut", cut_data_after = 10 },
]
[[step]]
do = "ftp-list"
as = "folder"
to = "lab:files"
path = "/old/notes"
[[step]]
do = "ftp-get"
as = "file"
to = "lab:files"
path = "/binary.dat"
[[step]]
do = "ftp-get"
as = "half"
to = "lab:cut"
path = "/binary.dat"
fails = "LinkLost"
[[expect]]
that = "folder.command"
equals = "LIST"
[[expect]]
that = "folder.entries"
equals = 2
[[expect]]
that = "folder.names"
equals = "1998.txt, 2007.txt"
[[expect]]
that = "folder.told"
equals = "192.0.2.1"
[[expect]]
that = "folder.dialled"
equals = "127.0.0.1"
[[expect]]
that = "file.size"
equals = 5120
[[expect]]
that = "file.reply"
equals = "226 Transfer complete."
[[expect]]
that = "file.connections"
equals = 2
[[expect]]
that = "half.error"
equals = "LinkLost"
[broken]
cut = { cut_data_after = "off" }
"""


def test_the_steps_are_said_in_plain_words() -> None:
    assert [step.sentence for step in card(HEAD + STEPS).as_written.steps][:2] == [
        "Log in to the Lab's files as anonymous, and ask what /old/notes holds.",
        "Log in to the Lab's files as anonymous, ask how large /binary.dat is, and fetch it.",
    ]
    assert [verb.params[0].name for verb in FILES] == ["to", "to"]


@pytest.mark.parametrize("broken", [False, True])
async def test_what_the_server_does_can_be_seen(tmp_path, broken: bool) -> None:
    lab = Lab(places_in(tmp_path / "lab"), join=False)
    try:
        async with Player(card(HEAD + STEPS), lab, broken=broken) as player:
            result = await player.play(timeout_s=15)
        assert result.passed is not broken, [verdict.sentence for verdict in result.expectations]
        result.transcript.close()
    finally:
        await lab.aclose()
