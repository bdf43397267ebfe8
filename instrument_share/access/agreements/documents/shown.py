"""The documents as the agreement's page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....identity.models import Person
from .. import queries
from ..models import Agreement
from .labels import KINDS, language_name
from .models import AgreementDocument
from .queries import documents_of, may_see_documents
from .rules import is_removable


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """`told`: its kind and language in words."""

    document: AgreementDocument
    told: str


@dataclass(frozen=True, slots=True)
class ShownDocuments:
    rows: Sequence[ShownDocument]
    may_add: bool
    may_remove: bool


def shown_documents(agreement: Agreement, person: Person) -> ShownDocuments | None:
    """None for who may not know of them."""
    if not may_see_documents(person, agreement):
        return None
    keeps = queries.may_manage(person, agreement)
    return ShownDocuments(
        [
            ShownDocument(each, f"{KINDS[each.kind]} · {language_name(each.language)}")
            for each in documents_of(agreement)
        ],
        may_add=keeps,
        may_remove=keeps and is_removable(agreement.state),
    )
