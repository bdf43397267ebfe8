"""Pages of identity, by address."""

from __future__ import annotations

from flask import Blueprint

from . import account, deputies, forgotten, joining, people

blueprint = Blueprint("identity", __name__)

_GET, _POST, _BOTH = ["GET"], ["POST"], ["GET", "POST"]
blueprint.add_url_rule("/sign-in", "sign_in", joining.sign_in, methods=_BOTH)
blueprint.add_url_rule("/sign-up", "sign_up", joining.sign_up, methods=_BOTH)
blueprint.add_url_rule("/verify-mail/<secret>", "verify_mail", joining.verify_mail, methods=_BOTH)
blueprint.add_url_rule("/forgotten-password", "forgotten_password", forgotten.ask, methods=_BOTH)
blueprint.add_url_rule(
    "/forgotten-password/<secret>", "new_password", forgotten.choose, methods=_BOTH
)
blueprint.add_url_rule("/sign-out", "sign_out", joining.sign_out, methods=_POST)
blueprint.add_url_rule("/account", "account", account.account, methods=_BOTH)
blueprint.add_url_rule("/account/password", "password", account.password, methods=_POST)
blueprint.add_url_rule("/account/tokens", "issue_token", account.issue_token, methods=_POST)
blueprint.add_url_rule(
    "/account/tokens/<int:token_id>/revoke", "revoke_token", account.revoke_token, methods=_POST
)
blueprint.add_url_rule("/account/deputies", "deputies", deputies.deputies, methods=_BOTH)
blueprint.add_url_rule(
    "/account/deputies/<int:deputy_id>/withdraw",
    "withdraw_deputy",
    deputies.withdraw,
    methods=_POST,
)
blueprint.add_url_rule("/manage/people", "people", people.people, methods=_GET)
blueprint.add_url_rule(
    "/manage/people/<int:person_id>/<action>", "look_after", people.look_after, methods=_POST
)
blueprint.add_url_rule(
    "/manage/people/<int:person_id>/view-as", "view_as", people.view_as, methods=_POST
)
blueprint.add_url_rule("/stop-viewing", "stop_viewing", people.stop_viewing, methods=_POST)
blueprint.add_url_rule("/manage/audit", "trail", people.trail, methods=_GET)
