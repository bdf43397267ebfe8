"""The words for roles and scopes, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from .rules import Permission, Role

ROLES: dict[str, LazyString] = {
    Role.RESEARCHER: lazy_gettext("Researcher"),
    Role.LIAISON: lazy_gettext("Liaison"),
    Role.OPERATOR: lazy_gettext("Operator"),
    Role.FACILITY_MANAGER: lazy_gettext("Facility manager"),
    Role.SAFETY_OFFICER: lazy_gettext("Safety officer"),
    Role.INTERNATIONAL_OFFICE: lazy_gettext("International office"),
    Role.PROGRAMME_OFFICER: lazy_gettext("Programme officer"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
}
SCOPES: dict[str, LazyString] = {
    "programme": lazy_gettext("the whole programme"),
    "institution": lazy_gettext("an institution"),
    "facility": lazy_gettext("a facility"),
    "instrument": lazy_gettext("an instrument"),
}
#: What a permission allows, as the end of "may …".
ALLOWS: dict[str, LazyString] = {
    Permission.BOOK: lazy_gettext("ask for instrument time"),
    Permission.SEE_BOOKING: lazy_gettext("see bookings"),
    Permission.SEE_NOTES: lazy_gettext("read and write internal notes on bookings"),
    Permission.SEE_FEEDBACK: lazy_gettext("read feedback on uses"),
    Permission.DECIDE_CREDIT: lazy_gettext("uphold or lift contested entries of records"),
    Permission.SEE_INSTITUTION_CREDIT: lazy_gettext("see the record of the institution"),
    Permission.EDIT_BOOKING: lazy_gettext("change a request and send it"),
    Permission.CANCEL_BOOKING: lazy_gettext("cancel bookings"),
    Permission.DECIDE: lazy_gettext("decide on requests when it is their turn"),
    Permission.RUN_BOOKING: lazy_gettext("start and finish uses and mark no-shows"),
    Permission.ISSUE_LETTER: lazy_gettext("issue and revoke letters of invitation"),
    Permission.SEE_QUEUE: lazy_gettext("see the queue of requests"),
    Permission.MANAGE_INSTRUMENT: lazy_gettext("change instruments, their hours and closures"),
    Permission.SEE_USAGE: lazy_gettext("see usage records"),
    Permission.SEE_STATEMENT: lazy_gettext("see statements"),
    Permission.ISSUE_STATEMENT: lazy_gettext("issue statements"),
    Permission.SEE_QUOTA: lazy_gettext("see what is left of quotas"),
    Permission.SEE_AGREEMENT: lazy_gettext("see agreements"),
    Permission.SEE_AGREEMENT_DOCUMENTS: lazy_gettext("see the documents of agreements"),
    Permission.MANAGE_AGREEMENT: lazy_gettext("make and change agreements"),
    Permission.MANAGE_PROJECT: lazy_gettext("begin joint projects and change all of them"),
    Permission.LEAD_PROJECT: lazy_gettext("lead a project: let people in and remove them"),
    Permission.ALLOCATE_TIME: lazy_gettext("allocate instrument time to projects"),
    Permission.MANAGE_CALL: lazy_gettext("write calls for proposals and appoint reviewers"),
    Permission.DECIDE_CALL: lazy_gettext("decide which proposals get the hours of a call"),
    Permission.OWN_SHARES: lazy_gettext(
        "say which share of a co-built facility an institution owns"
    ),
    Permission.SCREEN_SAFETY: lazy_gettext("decide screenings about biosafety and radiation"),
    Permission.SCREEN_ABROAD: lazy_gettext(
        "decide screenings about export control, human genetic resources and data"
    ),
    Permission.SEE_EVIDENCE: lazy_gettext("see files that came with the answers to a screening"),
    Permission.QUALIFY: lazy_gettext("say that somebody is trained"),
    Permission.SEE_REPORT: lazy_gettext("see reports"),
    Permission.VOUCH: lazy_gettext("vouch for people of the institution"),
    Permission.GRANT_ROLE: lazy_gettext("give and take back every role"),
    Permission.SEE_ROLES: lazy_gettext("see who holds a role"),
    Permission.ADMIT_INSTITUTION: lazy_gettext("admit institutions that ask to take part"),
    Permission.VIEW_AS: lazy_gettext("view the site as somebody else, changing nothing"),
    Permission.ERASE_ACCOUNT: lazy_gettext("erase an account for good"),
    Permission.SEE_AUDIT: lazy_gettext("read the audit trail"),
    Permission.MANAGE_POLICY: lazy_gettext("say who decides on requests, and by when"),
}
