"""Headers of a mail that keep every space, and are made without making a class for each.

Python's own folding drops the space where a long subject or name outside ASCII is cut into two encoded words, for
readers must not show the one between them (RFC 2047 section 6.2). Here it stays within a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.header import Header
from email.headerregistry import HeaderRegistry
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any

#: Of each part of each mail, and nearly always the same.
_ALIKE = frozenset(
    ("mime-version", "content-type", "content-transfer-encoding", "content-disposition")
)


class _Registry(HeaderRegistry):
    """Python's own makes a class for each header of each mail, and reads `text/plain` as if it were the first."""

    def __init__(self) -> None:
        super().__init__()
        self._class_of = lru_cache(super().__getitem__)
        self._value_of = lru_cache(super().__call__)

    def __getitem__(self, name: str) -> Any:
        return self._class_of(name.lower())

    def __call__(self, name: str, value: Any) -> Any:
        if name.lower() in _ALIKE:
            return self._value_of(name, str(value))  # a header never changes: mails may share it
        return super().__call__(name, value)


_REGISTRY = _Registry()


class SpaceKeepingPolicy(EmailPolicy):
    """Folds subjects and the names of senders and readers word for word."""

    def __init__(self, **wanted: Any) -> None:
        super().__init__(**{"header_factory": _REGISTRY, **wanted})

    def fold(self, name: str, value: Any) -> str:
        encoded = _encoded(name, value, self.linesep)
        return super().fold(name, value) if encoded is None else encoded

    def fold_binary(self, name: str, value: Any) -> bytes:
        encoded = _encoded(name, value, self.linesep)
        return super().fold_binary(name, value) if encoded is None else encoded.encode("ascii")


def _encoded(name: str, value: Any, line_end: str) -> str | None:
    """The whole header; None where Python's way is right."""
    if str(value).isascii():
        return None
    if name.lower() == "subject":
        return f"{name}: {_words(str(value), name, line_end)}{line_end}"
    addresses: Sequence[Any] = getattr(value, "addresses", ())
    if len(addresses) != 1 or not addresses[0].addr_spec.isascii():
        return None
    words = _words(addresses[0].display_name, name, line_end)
    return f"{name}: {words}{line_end} <{addresses[0].addr_spec}>{line_end}"


def _words(text: str, name: str, line_end: str) -> str:
    return Header(text, "utf-8", header_name=name).encode(linesep=line_end)
