"""What people and those who look after them do with accounts.

They take the acting person as `by` and the moment as `at`, flush and never commit; faces open the transaction.
"""

from .accounts import change_password, change_profile, create_account
from .deputies import name_deputy, withdraw_deputy
from .forgetting import ask_for_new_password, check_link, set_forgotten_password
from .roles import grant_role, reinstate, suspend, vouch, withdraw_role
from .signing_in import sign_in, signed_in, signed_out
from .signing_up import claim_mail_again, is_to_choose_password, sign_up, verify_mail
from .tokens import issue_token, revoke_token, revoke_token_by_secret, tokens_of
from .viewing import view_as, viewing_ended

__all__ = [
    "ask_for_new_password",
    "change_password",
    "change_profile",
    "check_link",
    "claim_mail_again",
    "create_account",
    "grant_role",
    "is_to_choose_password",
    "issue_token",
    "name_deputy",
    "reinstate",
    "revoke_token",
    "revoke_token_by_secret",
    "set_forgotten_password",
    "sign_in",
    "sign_up",
    "signed_in",
    "signed_out",
    "suspend",
    "tokens_of",
    "verify_mail",
    "view_as",
    "viewing_ended",
    "vouch",
    "withdraw_deputy",
    "withdraw_role",
]
