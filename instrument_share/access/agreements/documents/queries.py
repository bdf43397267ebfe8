"""Reading the documents of an agreement, as far as the reader may."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ....files.models import StoredFile
from ....foundation.database import db
from ....foundation.errors import Forbidden, NotFound
from ....identity.acting import actor_of
from ....identity.models import Person
from ....identity.rules import Permission, may
from .. import queries
from ..models import Agreement
from .models import AgreementDocument


def may_see_documents(person: Person, agreement: Agreement) -> bool:
    """Whether the person is of an office of either side; who only books under the agreement is not."""
    return may(actor_of(person), Permission.SEE_AGREEMENT_DOCUMENTS, queries.subject_of(agreement))


def agreement_with_documents(person: Person, reference: str) -> Agreement:
    """The agreement, where the person may see its documents. Raises NotFound."""
    agreement = queries.agreement_of(person, reference)
    if not may_see_documents(person, agreement):
        raise NotFound()
    return agreement


def agreement_to_document(person: Person, reference: str) -> Agreement:
    """The same for who adds and removes: whoever speaks for every host. Raises NotFound, and Forbidden."""
    agreement = agreement_with_documents(person, reference)
    if not queries.may_manage(person, agreement):
        raise Forbidden()
    return agreement


def documents_of(agreement: Agreement) -> Sequence[AgreementDocument]:
    """What is there now, the latest first; whether the reader may know is the caller's question."""
    return db.session.scalars(
        select(AgreementDocument)
        .where(
            AgreementDocument.agreement_id == agreement.id, AgreementDocument.removed_at.is_(None)
        )
        .options(joinedload(AgreementDocument.file).joinedload(StoredFile.uploaded_by))
        .order_by(AgreementDocument.added_at.desc(), AgreementDocument.id.desc())
    ).all()


def document_on(agreement: Agreement, key: str, *, to_change: bool = False) -> AgreementDocument:
    """One of them by its file's key, locked where it is to change. Raises NotFound, also where it was removed."""
    query = (
        select(AgreementDocument)
        .join(AgreementDocument.file)
        .where(
            StoredFile.key == key,
            AgreementDocument.agreement_id == agreement.id,
            AgreementDocument.removed_at.is_(None),
        )
        .options(joinedload(AgreementDocument.file))
    )
    if to_change:
        query = query.with_for_update(of=AgreementDocument)
        query = query.execution_options(populate_existing=True)
    document = db.session.scalar(query)
    if document is None:
        raise NotFound()
    return document
