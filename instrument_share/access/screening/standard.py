"""The checklists that are shipped, from `content/`. A host may put its own in their place."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .rules import Question, ScreeningClass

_FOLDER = Path(__file__).parent / "content"
#: How many months an answer holds where the host says nothing else.
VALID_MONTHS = 12


@cache
def standard_questions(screening_class: ScreeningClass) -> tuple[Question, ...]:
    """The shipped questions of a class, in every language."""
    text = (_FOLDER / f"{screening_class}.yaml").read_text(encoding="utf-8")
    return tuple(question_from(each) for each in yaml.safe_load(text))


def question_from(document: dict[str, Any]) -> Question:
    return Question(**{**document, "texts": dict(document["texts"])})
