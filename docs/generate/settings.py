"""Every setting, from the descriptions and defaults in `instrument_share/settings.py`."""

from __future__ import annotations

from dataclasses import MISSING, fields

from instrument_share.settings import DESCRIBED, PREFIX, Settings

_HEAD = """\
# Settings

Made by `make docs` from `instrument_share/settings.py`.

Settings come from the environment. A missing or wrong one stops the start with one sentence that names it
(exit status 2); so does a name with our prefix that is not a setting. `.env.example` is a template.
"""


def page() -> str:
    """The page as Markdown."""
    defaults = {field.name.upper(): field.default for field in fields(Settings)}
    rows = [
        f"| `{PREFIX}{name}` | {text} | {_default_cell(defaults.get(name, ''))} |"
        for name, text in DESCRIBED.items()
    ]
    return "\n".join([_HEAD, "| setting | what it is | default |", "|---|---|---|", *rows, ""])


def _default_cell(default: object) -> str:
    if default in (MISSING, None, "", ()):
        return ""
    return f"`{'on' if default else 'off'}`" if isinstance(default, bool) else f"`{default}`"
