"""What travels upwards between floors. A hearer runs inside the sender's transaction and only writes rows."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

#: sender: Booking; action: booking.rules.Action; by: Person | None; at: datetime; comment: str
booking_changed = _signals.signal("booking-changed")
#: sender: UsageRecord; by: Person; at: datetime
usage_recorded = _signals.signal("usage-recorded")
#: sender: Agreement; by: Person | None; at: datetime
agreement_changed = _signals.signal("agreement-changed")
#: sender: Instrument; by: Person | None; at: datetime
instrument_changed = _signals.signal("instrument-changed")
#: sender: Person; secret: str (the one-time address to prove the mailbox); at: datetime
mail_address_claimed = _signals.signal("mail-address-claimed")
#: sender: Booking; exception: OpeningException that now stands in its way; alternatives: list of what can be had
#: instead; by: Person; at: datetime
booking_hit = _signals.signal("booking-hit")
#: sender: Booking in whose way nothing stands any more; by: Person; at: datetime
booking_spared = _signals.signal("booking-spared")
#: sender: OutsideCalendar that cannot be read; at: datetime
calendar_failing = _signals.signal("calendar-failing")
