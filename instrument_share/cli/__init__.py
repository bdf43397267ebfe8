"""The `instrument-share` command line."""

from __future__ import annotations

import sys

from ..settings import SettingsError
from .main import group

__all__ = ["group", "main"]


def main() -> None:
    """Run the command line. A wrong setting ends it with one sentence and exit status 2."""
    try:
        group.main(prog_name="instrument-share", args=sys.argv[1:])
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
