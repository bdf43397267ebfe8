"""Who may do what: roles, scopes and the one permission table.

Pure: an Actor is what a person is at a moment (live grants only), a Subject is what is asked about.
"""

from __future__ import annotations

from .actors import LENDABLE, PROGRAMME, Actor, Lent, Reach, Scope, Subject, subject
from .asking import Ground, acts_for, grounds, may, may_grant, may_judge, may_somewhere, scopes_held
from .table import ANYONE, GRANTED_BY, OWNER, PERMISSIONS, Permission, Who
from .words import SCOPE_KINDS, InstitutionKind, Role, Verification, is_mail_of

__all__ = [
    "ANYONE",
    "GRANTED_BY",
    "LENDABLE",
    "OWNER",
    "PERMISSIONS",
    "PROGRAMME",
    "SCOPE_KINDS",
    "Actor",
    "Ground",
    "InstitutionKind",
    "Lent",
    "Permission",
    "Reach",
    "Role",
    "Scope",
    "Subject",
    "Verification",
    "Who",
    "acts_for",
    "grounds",
    "is_mail_of",
    "may",
    "may_grant",
    "may_judge",
    "may_somewhere",
    "scopes_held",
    "subject",
]
