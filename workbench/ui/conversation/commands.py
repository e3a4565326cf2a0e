"""What a person can do with the conversation, as actions for keys, palette and buttons."""

from typing import TYPE_CHECKING

from workbench.ui.actions import Action
from workbench.ui.conversation.talkview import CONTEXT

if TYPE_CHECKING:
    from workbench.ui.conversation.dock import ConversationDock


def commands(dock: "ConversationDock") -> tuple[Action, ...]:
    """The actions of a conversation dock."""
    return (
        Action(
            "conversation.filter",
            "Filter the conversation",
            dock.focus_filter,
            shortcut="Ctrl+F",
            context=CONTEXT,
            icon="filter",
        ),
        Action(
            "conversation.next",
            "Next match",
            dock.go_to_next,
            tip="Go to the next event that the filter finds",
            shortcut="F3",
            context=CONTEXT,
            why_disabled=dock.why_no_matches,
        ),
        Action(
            "conversation.previous",
            "Previous match",
            dock.go_to_previous,
            tip="Go to the event before that the filter finds",
            shortcut="Shift+F3",
            context=CONTEXT,
            why_disabled=dock.why_no_matches,
        ),
        Action(
            "conversation.follow",
            "Follow the conversation",
            dock.toggle_following,
            tip="Stay at the end while more is said",
            shortcut="Ctrl+E",
            context=CONTEXT,
            icon="follow",
            checked=dock.is_following,
        ),
        Action(
            "conversation.detail",
            "Details of the event",
            dock.toggle_detail,
            tip="Show the octets and the meaning of the selected event",
            shortcut="Ctrl+D",
            context=CONTEXT,
            icon="info",
            checked=dock.is_detail_wanted,
        ),
        Action(
            "conversation.explained",
            "Conversation explained",
            dock.show_explained,
            tip="One line for each event, with what it means",
            shortcut="Ctrl+Alt+1",
            context=CONTEXT,
        ),
        Action(
            "conversation.text",
            "Conversation as text",
            dock.show_text,
            tip="The octets of both directions as text",
            shortcut="Ctrl+Alt+2",
            context=CONTEXT,
            icon="text",
        ),
        Action(
            "conversation.hex",
            "Conversation in hex",
            dock.show_hex,
            tip="The octets of one stream in hex, beside the events",
            shortcut="Ctrl+Alt+3",
            context=CONTEXT,
            icon="hex",
        ),
        Action(
            "conversation.copy_all",
            "Copy all lines shown",
            dock.copy_all,
            tip="Copy every line that the filter lets through",
            shortcut="Ctrl+Shift+C",
            context=CONTEXT,
            icon="copy",
            why_disabled=dock.why_empty,
        ),
        Action(
            "conversation.export",
            "Export the conversation",
            dock.open_export_menu,
            tip="Save the conversation to a file",
            shortcut="Ctrl+Shift+S",
            context=CONTEXT,
            icon="export",
            why_disabled=dock.why_empty,
        ),
        Action(
            "conversation.open",
            "Open a saved conversation",
            dock.open_saved,
            tip="Read JSON lines that were saved here",
            context=CONTEXT,
            icon="import",
        ),
        Action(
            "conversation.compare_saved",
            "Compare with a saved conversation",
            dock.compare_with_saved,
            tip="Read another conversation and show where the two part",
            context=CONTEXT,
            icon="compare",
            why_disabled=dock.why_empty,
        ),
        Action(
            "conversation.replay",
            "Replay against another server",
            dock.replay,
            tip="Send again what was sent, to whom you say, and compare the answers",
            context=CONTEXT,
            icon="reload",
            why_disabled=dock.why_empty,
        ),
    )
