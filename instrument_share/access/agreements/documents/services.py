"""Documents are added to an agreement, and removed as long as it has not ended."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext

from ....files.services import keep_file
from ....foundation.database import db
from ....foundation.errors import InvalidInput
from ....identity import audit
from ....identity.models import Person
from ...errors import WrongAgreementState
from .models import AgreementDocument
from .queries import agreement_to_document, document_on
from .rules import is_removable
from .values import DocumentDraft


def add_document(
    reference: str, draft: DocumentDraft, *, by: Person, at: datetime
) -> AgreementDocument:
    """Keep a document with an agreement, whatever its state; the offices of both sides have it from then on.

    Raises NotFound and Forbidden where the agreement is not theirs to write, InvalidInput without a file, and
    UnacceptableFile.
    """
    agreement = agreement_to_document(by, reference)
    if draft.file is None:
        raise InvalidInput(fields={"file": lazy_gettext("Choose the file.")})
    document = AgreementDocument(
        agreement=agreement,
        file=keep_file(draft.file, by=by, at=at),
        title=draft.title,
        kind=draft.kind,
        language=draft.language,
        added_at=at,
    )
    db.session.add(document)
    _tell("added", document, by, at)
    return document


def remove_document(reference: str, key: str, *, by: Person, at: datetime) -> None:
    """Take a document away from both sides; that it was there stays in the trail.

    Raises NotFound and Forbidden as `add_document`, NotFound where there is none, and WrongAgreementState where the
    agreement has ended.
    """
    agreement = agreement_to_document(by, reference)
    document = document_on(agreement, key, to_change=True)
    if not is_removable(agreement.state):
        raise WrongAgreementState()
    document.removed_by, document.removed_at = by, at
    _tell("removed", document, by, at)


def _tell(what: str, document: AgreementDocument, by: Person, at: datetime) -> None:
    db.session.flush()
    audit.record(
        f"agreement.document_{what}", "agreement", document.agreement.reference,
        by=by.id, at=at, document=document.kind, language=document.language, sha256=document.file.sha256,
    )  # fmt: skip
