"""Build hook: compile the message catalogues and complete the wheel.

The compiled ``.mo`` files are not committed. They are made here, so that an editable install and a
wheel are translated from the first start.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DATA_FOLDERS = ("static", "translations", "migrations")


def compile_catalogues(folder: Path) -> None:
    """Write a ``.mo`` beside each ``.po`` under `folder` that is newer than it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as po:
            catalogue = read_po(po, locale=source.parts[-3])
        with target.open("wb") as mo:
            write_mo(mo, catalogue)


class CompleteWheel(BuildHookInterface[Any]):
    """Adds the folders that live beside the package, as ``instrument_share/<folder>``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before each build; `version` is "standard" or "editable"."""
        root = Path(self.root)
        compile_catalogues(root / "translations")
        if self.target_name != "wheel" or version == "editable":
            return
        for folder in DATA_FOLDERS:
            for file in sorted((root / folder).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    inside = Path("instrument_share", file.relative_to(root))
                    build_data["force_include"][str(file)] = inside.as_posix()
