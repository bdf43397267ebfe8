"""The one list of who hears the signals of the house."""

from __future__ import annotations


def connect() -> None:
    """Connect every floor to what happens on the floors below it. Connecting again changes nothing.

    They hear in this order, which is also that of their locks: quotas of agreements before calendars. Many bookings
    change the calendar of one facility, so its lock is taken last and kept for as short a time as can be.
    """
    from ..access import hearers as access
    from ..accounting import hearers as accounting
    from ..booking import hearers as booking
    from ..catalogue import hearers as catalogue
    from ..files import own_data as files
    from ..identity.own_data import of_identity
    from ..notification import hearers as notification
    from ..schedule import hearers as schedule

    for hearer in (
        of_identity,
        files,
        catalogue,
        access,
        accounting,
        booking,
        notification,
        schedule,
    ):
        hearer.connect()
