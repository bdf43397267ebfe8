"""A facility's list of tasks as it is typed: one task a line, the languages line by line beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from flask_babel import gettext

from ...foundation.errors import InvalidInput
from ...foundation.languages import LANGUAGES
from ...foundation.localized import LocalizedText
from .models import TaskTemplate
from .rules import Phase

#: The most lines of a list, and the longest of them.
_LINES, _LONGEST = 20, 200


def lists_from(form: Mapping[str, str]) -> Mapping[Phase, Sequence[LocalizedText]]:
    """What was typed, by phase. Raises InvalidInput where languages have different numbers of lines."""
    wrong: dict[str, str] = {}
    lists = {phase: _list(form, phase, wrong) for phase in Phase}
    if wrong:
        raise InvalidInput(fields=wrong)
    return lists


def typed_lists(templates: Iterable[TaskTemplate]) -> dict[str, str]:
    """The other way round: a facility's own list as the form shows it."""
    form: dict[str, list[str]] = {}
    for template in templates:
        for language in LANGUAGES:
            name = f"{template.phase}_{language.tag}"
            form.setdefault(name, []).append(template.texts.get(language.tag, ""))
    return {name: "\n".join(lines).rstrip("\n") for name, lines in form.items()}


def _list(form: Mapping[str, str], phase: Phase, wrong: dict[str, str]) -> list[LocalizedText]:
    columns = {language.tag: _lines(form, phase, language.tag, wrong) for language in LANGUAGES}
    longest = max(map(len, columns.values()))
    for tag, lines in columns.items():
        if lines and len(lines) != longest:
            wrong[f"{phase}_{tag}"] = gettext("Write as many lines in every language.")
    rows = zip_longest(*columns.values(), fillvalue="")
    return [{tag: text for tag, text in zip(columns, row, strict=True) if text} for row in rows]


def _lines(form: Mapping[str, str], phase: Phase, tag: str, wrong: dict[str, str]) -> list[str]:
    name = f"{phase}_{tag}"
    lines = [line.strip() for line in form.get(name, "").splitlines() if line.strip()]
    if len(lines) > _LINES or any(len(line) > _LONGEST for line in lines):
        wrong[name] = gettext("Write at most 20 lines of 200 characters.")
    return lines
