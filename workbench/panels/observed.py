"""What every controller is: a frozen state that is replaced as a whole, and those who are told of it. No Qt."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Generic, TypeVar

S = TypeVar("S")


class Observed(Generic[S]):
    """A controller's ground.

    Attributes:
        state: frozen, replaced as a whole.
    """

    def __init__(self, state: S) -> None:
        self.state = state
        self._observers: list[Callable[[Any], object]] = []

    def observe(self, callback: Callable[[Any], object]) -> Callable[[], None]:
        """Call back with the controller whenever the state was replaced, thousands of times a second if need be.

        Returns: what ends it; idempotent.
        """
        self._observers.append(callback)

        def cut() -> None:
            if callback in self._observers:
                self._observers.remove(callback)

        return cut

    def replace(self, **fields: object) -> None:
        """Replace fields of the state, and tell the observers."""
        self.state = replace(self.state, **fields)  # type: ignore[type-var]  # every state is a dataclass
        self.tell_all()

    def tell_all(self) -> None:
        """Tell the observers, where the state was replaced already."""
        # A copy: whoever is told may end its watch.
        for observer in tuple(self._observers):
            observer(self)

    def forget_all(self) -> None:
        """Tell nobody any more: what still comes is nobody's concern."""
        self._observers.clear()
