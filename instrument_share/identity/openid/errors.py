"""What signing in through a provider refuses, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ...foundation.errors import Refusal


class ProviderDown(Refusal):
    """The provider does not answer, or with what cannot be understood."""

    code = "provider_down"
    status = 502
    message = lazy_gettext(
        "This provider does not answer just now. Nothing was changed. Try again in a few minutes."
    )


class ProviderRefused(Refusal):
    """The provider did not let them in, or they went back there."""

    code = "provider_refused"
    status = 403
    message = lazy_gettext("The provider did not confirm who you are. Nothing was changed.")


class TokenInvalid(Refusal):
    """What the provider sent does not prove anything; `reason` is for the trail."""

    code = "openid_invalid"
    status = 403
    message = lazy_gettext(
        "The provider's answer could not be verified. Nothing was changed. Try again; if it happens twice, write to "
        "the administrator of this site."
    )

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class WayTooWeak(TokenInvalid):
    """It is who they say, but not recognised in a way, or as lately, as this site asks of the provider."""

    code = "openid_way"
    message = lazy_gettext(
        "This site asks for a stronger or a fresh sign-in than the provider made. Nothing was changed. Sign out there, "
        "and sign in anew with your second factor."
    )


class AttemptOver(Refusal):
    """The state was used, is too old, is of another browser or was never ours; which of them is never told."""

    code = "openid_expired"
    status = 410
    message = lazy_gettext(
        "This sign-in was used already, took too long or was begun in another browser. Begin again."
    )


class IdentityTaken(Refusal):
    code = "identity_taken"
    status = 409
    message = lazy_gettext(
        "Another account here is connected with this sign-in. Disconnect it there first, or sign in with it."
    )


class NotAskedFor(Refusal):
    """Signed in as somebody, and an unknown identity came back that nobody asked to link."""

    code = "not_asked_for"
    status = 409
    message = lazy_gettext(
        "You are signed in already. To connect this sign-in with your account, use the page of your account."
    )


class LastWayIn(Refusal):
    code = "last_way_in"
    status = 409
    message = lazy_gettext(
        "This is your only way to sign in. Set a password or connect another way first, then disconnect it."
    )
