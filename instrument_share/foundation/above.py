"""Questions that a floor asks and only a floor above it can answer: imports lead downwards, answers are registered."""

from __future__ import annotations

from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class Above(Generic[Answer]):
    """Who knows the answer, a function. The floor above registers it when it is connected; `otherwise` answers before.

    An application is connected anew with every `create_app`: the last one to register is asked.
    """

    def __init__(self, otherwise: Answer) -> None:
        self.ask = otherwise

    def register(self, answer: Answer) -> None:
        self.ask = answer
