"""The table of peers: cells in words (workbench.panels.sockets.models)."""

from workbench.panels.sockets.models import PeersModel
from workbench.panels.sockets.state import Peer
from workbench.ui.pieces import button, table_of, tip_with_reason
from workbench.wire.ends import HalfState


def cells(model: PeersModel, row: int) -> list[str]:
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_halves_ends_and_sizes_are_words_a_person_reads(app):
    model = PeersModel()
    model.show_peers(
        (
            Peer(1, "10.0.0.1:5", "b:1", sent=2048, received=0),
            Peer(2, "c:2", "b:1", HalfState.FINISHED, HalfState.RESET, 1, 1, "the peer reset", False),
            Peer(3, "d:3", "b:1", is_open=False),
        )
    )
    assert cells(model, 0) == ["10.0.0.1:5", "2.0 KiB", "0 B", "open", "open", ""]
    assert cells(model, 1)[3:] == ["finished", "reset", "the peer reset"]
    assert cells(model, 2)[3:] == ["closed", "closed", "closed"]
    assert (model.place_of(2), model.place_of(9), model.at(7)) == (1, -1, None)


def test_the_pieces_have_names_and_reasons(app):
    table = table_of(PeersModel(), "Connections", (150, 70))
    assert table.accessibleName() == "Connections"
    made = button("Send", "send", "Send it", "primary")
    assert made.toolTip() == "Send it"
    assert tip_with_reason("Send it", "") == "Send it"
    assert tip_with_reason("Send it", "connect first") == "Send it\nNot now: connect first"
    table.deleteLater()
    made.deleteLater()
