"""The command line, from what each command tells about itself."""

from __future__ import annotations

from collections.abc import Iterator

import click

from instrument_share.cli import group

_HEAD = """\
# Command line

Made by `make docs` from the commands' own help.

Exit status: 0 done, 1 refused or failed, 2 wrong usage or a wrong setting.
"""


def page() -> str:
    """The page as Markdown, a section for each command."""
    parts = [_HEAD]
    for path, command in _commands("instrument-share", group):
        context = click.Context(command, info_name=path, terminal_width=88, color=False)
        parts.append(f"## `{path}`\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, child in sorted(command.commands.items()):
        yield from _commands(f"{path} {name}", child)
