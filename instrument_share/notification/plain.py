"""Facts of messages that are about no booking: the page that the button leads to, and the names in the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def facts_of(path: str, *, comment: str = "", by: str = "", **names: Any) -> dict[str, Any]:
    """Text in several languages is a mapping; a number under `…_minutes` is a length of time."""
    kept = {name: dict(it) if isinstance(it, Mapping) else it for name, it in names.items()}
    return {"path": path, "comment": comment, "by": by, "names": kept}
