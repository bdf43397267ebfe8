"""Signing in through a provider: there, back, and what is still to be said; linking and unlinking on one's account."""

from __future__ import annotations

from datetime import datetime

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from ...foundation.clock import now
from ...foundation.errors import DomainError
from ...foundation.http.limits import SIGN_IN, limiter
from ...foundation.http.local import local_address
from ...foundation.identifiers import new_secret
from ...foundation.transaction import perform
from ...oidc_settings import OidcProvider
from ..current import person_or_none, require_person
from ..models import Person
from ..second_factor import gate
from ..sessions import cookie
from . import attempts, services
from .discovery import Memory
from .errors import AttemptOver, IdentityTaken, LastWayIn, ProviderRefused, TokenInvalid
from .forms import account_from
from .models import OpenidAttempt
from .new_account import new_account_page
from .protocol import Conversation
from .providers import offered, provider_named, title_of
from .rules import Way, trusted_mail
from .secrets import Secrets, new_secrets, secrets_of
from .shown import known_as
from .values import Claims
from .wire import Wire

blueprint = Blueprint("openid", __name__)


@blueprint.post("/sign-in/with/<provider>")
@limiter.limit(SIGN_IN)
def begin(provider: str) -> ResponseReturnValue:
    """To the provider, to sign in with what it says."""
    target = local_address(request.form.get("next")) or ""
    return _depart(provider_named(provider), target, linking=None)


@blueprint.post("/account/sign-in-ways/<provider>/link")
@limiter.limit(SIGN_IN)
def begin_linking(provider: str) -> ResponseReturnValue:
    """To the provider, to connect what it says with one's account."""
    return _depart(provider_named(provider), "", linking=require_person())


@blueprint.get("/sign-in/with/<provider>/back")
@limiter.limit(SIGN_IN)
def back(provider: str) -> ResponseReturnValue:
    """Where the provider sends people back to, with a code for us."""
    found, at = provider_named(provider), now()
    state = request.args.get("state", "")
    attempt = perform(attempts.take_back, found.name, state, _browser(), at=at)
    if isinstance(attempt, DomainError):
        return _stopped(found, attempt)
    try:
        claims = _claims(found, secrets_of(state), at)
    except DomainError as refusal:
        why = refusal.reason if isinstance(refusal, TokenInvalid) else refusal.code
        perform(attempts.refused, found.name, why, at=at, by=attempt.person_id)
        return _stopped(found, refusal)
    arrival = perform(services.arrive, attempt, claims, signed_in=person_or_none(), at=at)
    if isinstance(arrival, DomainError):
        return _stopped(found, arrival)
    return _onward(found, attempt, arrival, trusted_mail(claims))


@blueprint.get("/sign-out/with/<provider>")
@limiter.limit(SIGN_IN)
def signed_out(provider: str) -> ResponseReturnValue:
    """Signed out here; the provider still knows whoever signed in through it, and so lets in whoever comes next."""
    found = provider_named(provider)
    try:
        url = _conversation(found).address_to_sign_out(str(get_locale()).replace("_", "-"))
    except DomainError:  # it does not answer
        url = ""
    return render_template("identity/openid/signed_out.html", provider=found.title, url=url)


@blueprint.route("/sign-in/new-account", methods=["GET", "POST"])
@limiter.limit(SIGN_IN, methods=["POST"])
def new_account() -> ResponseReturnValue:
    """Somebody whom nobody knows here yet says what the provider did not."""
    attempt, claims = _waiting()
    email = trusted_mail(claims)
    if request.method == "GET":
        return new_account_page(title_of(claims.issuer), claims, {}, {})
    try:
        wanted = account_from(request.form, email)
        person = perform(services.open_account, _browser(), wanted, at=now())
    except (AttemptOver, IdentityTaken):
        raise
    except DomainError as refusal:
        errors = refusal.by_field
        page = new_account_page(title_of(claims.issuer), claims, request.form, errors)
        return page, refusal.status
    if person is None:
        return render_template("identity/signed_up.html", email=wanted.email)
    answer = _admit(person, attempt.provider, attempt.target, url_for("identity.account"))
    flash(gettext("Welcome! Your account is ready."), "success")  # in the new session
    return answer


@blueprint.route("/account/sign-in-ways/waiting", methods=["GET", "POST"])
def link_waiting() -> ResponseReturnValue:
    """Signed in as before, to connect the identity whose mail address had this account."""
    person = require_person()
    _, claims = _waiting()
    title = title_of(claims.issuer)
    if request.method == "GET":
        return render_template(
            "identity/openid/connect.html", person=person, provider=title,
            known_as=known_as(claims.issuer, claims.subject, claims.email),
            fits=trusted_mail(claims) == person.email,
        )  # fmt: skip
    perform(services.link_waiting, _browser(), by=person, at=now())
    flash(gettext("%(provider)s is connected with your account.", provider=title), "success")
    return redirect(url_for("identity.account", _anchor="ways"))


@blueprint.post("/account/sign-in-ways/<int:identity_id>/unlink")
def unlink(identity_id: int) -> ResponseReturnValue:
    issuers = [each.issuer for each in offered()]
    try:
        perform(services.unlink, identity_id, issuers, by=require_person(), at=now())
    except LastWayIn as refusal:
        flash(str(refusal.message), "warning")
    else:
        flash(gettext("This sign-in no longer opens your account."), "success")
    return redirect(url_for("identity.account", _anchor="ways"))


@blueprint.errorhandler(AttemptOver)
@blueprint.errorhandler(IdentityTaken)
def _over(refusal: DomainError) -> ResponseReturnValue:
    return _stopped(None, refusal)


def _depart(provider: OidcProvider, target: str, *, linking: Person | None) -> ResponseReturnValue:
    """A page that leads on by itself. A form may not be redirected to other sites (form-action of our policy)."""
    secrets = new_secrets()
    try:
        url = _conversation(provider).address(secrets)
    except DomainError as refusal:
        return _stopped(provider, refusal)
    browser = session.setdefault(cookie.BROWSER, new_secret())
    perform(
        attempts.begin, provider.name, secrets.state, browser,
        target=target, linking=linking, at=now(),
    )  # fmt: skip
    return render_template("identity/openid/leaving.html", provider=provider.title, url=url)


def _claims(provider: OidcProvider, secrets: Secrets, at: datetime) -> Claims:
    """Raises ProviderRefused, ProviderDown, TokenInvalid."""
    if request.args.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise TokenInvalid("issuer of the answer")
    code = request.args.get("code")
    if not code or "error" in request.args:
        raise ProviderRefused()
    return _conversation(provider).claims(code, secrets, at)


def _onward(
    provider: OidcProvider, attempt: OpenidAttempt, arrival: services.Arrival, email: str
) -> ResponseReturnValue:
    if arrival.way is Way.SIGN_IN and arrival.person is not None:
        return _admit(arrival.person, provider.name, attempt.target, url_for("catalogue.search"))
    if arrival.way is Way.NEW_ACCOUNT:
        return redirect(url_for("openid.new_account"))
    if arrival.way is Way.SIGN_IN_FIRST:
        told = gettext(
            "%(email)s has an account here already. Sign in to it as you did before: then you can connect it with "
            "%(provider)s.",
            email=email, provider=provider.title,
        )  # fmt: skip
        flash(told, "info")
        return redirect(url_for("identity.sign_in", next=url_for("openid.link_waiting")))
    linked = gettext("%(provider)s is connected with your account.", provider=provider.title)
    flash(linked, "success")
    return redirect(url_for("identity.account", _anchor="ways"))


def _admit(person: Person, provider: str, target: str, otherwise: str) -> ResponseReturnValue:
    """Signed in, or asked for the second factor; this browser remembers by which provider, for the end."""
    answer = gate.admit(person, local_address(target) or otherwise)
    session[cookie.PROVIDER] = provider
    return answer


def _stopped(provider: OidcProvider | None, refusal: DomainError) -> ResponseReturnValue:
    """What happened and where to go on; without a provider where nobody waits any more."""
    page = render_template(
        "identity/openid/stopped.html", provider=provider, sentence=refusal.message
    )
    return page, refusal.status


def _waiting() -> tuple[OpenidAttempt, Claims]:
    found = attempts.waiting(_browser(), now())
    if found is None:
        raise AttemptOver()
    return found


def _browser() -> str:
    return str(session.get(cookie.BROWSER, ""))


def _conversation(provider: OidcProvider) -> Conversation:
    settings = current_app.config["SETTINGS"]
    redirect_uri = settings.base_url + url_for("openid.back", provider=provider.name)
    memory = current_app.extensions.setdefault("openid", Memory())
    return Conversation(provider, redirect_uri, Wire(settings.outside_addresses), memory)
