"""`make docs`: write the pages that are made from the code; `--check` only tells which are behind (exit 1)."""

from __future__ import annotations

import sys
from pathlib import Path

import commands
import permissions
import settings
import states

REFERENCE = Path(__file__).parent.parent / "reference"
PAGES = {
    "booking.md": states.page,
    "permissions.md": permissions.page,
    "settings.md": settings.page,
    "command-line.md": commands.page,
}


def main() -> int:
    behind = [name for name, page in PAGES.items() if _written(REFERENCE / name) != page()]
    if "--check" in sys.argv:
        print(
            *(f"docs/reference/{name} is behind the code: run `make docs`" for name in behind),
            sep="\n",
        )
        return 1 if behind else 0
    for name in behind:
        (REFERENCE / name).write_text(PAGES[name]())
        print(f"docs/reference/{name} written")
    return 0


def _written(file: Path) -> str:
    return file.read_text() if file.exists() else ""


sys.exit(main())
