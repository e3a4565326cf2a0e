"""What the window may find on a panel's widget; each is optional, and found by its shape.

A panel is any QWidget. If it can keep a draft, its inputs survive a restart; if it has a start, a jump to its tab
puts the focus there; if it opens targets, "Open in ..." and the palette reach it.
"""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class KeepsDraft(Protocol):
    """Inputs that are worth keeping: targets, texts, choices; never a password."""

    draft_changed: Any
    """A Qt signal without arguments: the draft is another one now."""

    def draft(self) -> dict[str, object]:
        """The inputs as JSON can hold them."""
        ...

    def restore(self, draft: Mapping[str, object]) -> None:
        """Take inputs of an earlier session; whatever does not fit is left out, nothing raises."""
        ...


@runtime_checkable
class HasStart(Protocol):
    """Knows where a person wants to begin."""

    def focus_start(self) -> None:
        """Put the focus there."""
        ...


@runtime_checkable
class OpensTargets(Protocol):
    """Can be handed a target by another panel, the start page or the palette."""

    def open_target(self, target: str) -> None:
        """Put the target in; nothing is sent before the person says so."""
        ...
