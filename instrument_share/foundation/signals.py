"""What travels upwards between floors. A hearer runs inside the sender's transaction and only writes rows."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

#: sender: Booking; action: booking.rules.Action; by: Person | None; at: datetime; comment: str;
#: moved_from: Interval | None (the time before it was rescheduled)
booking_changed = _signals.signal("booking-changed")
#: sender: Booking, which begins soon; at: datetime
booking_near = _signals.signal("booking-near")
#: sender: Booking, whose pending step is not decided and soon due; at: datetime
decision_near = _signals.signal("decision-near")
#: sender: Series; deeds: what was done with its bookings, each told by booking_changed before; by: Person; at; comment
series_changed = _signals.signal("series-changed")
#: sender: UsageRecord; by: Person; at: datetime
usage_recorded = _signals.signal("usage-recorded")
#: sender: Agreement; by: Person | None; at: datetime
agreement_changed = _signals.signal("agreement-changed")
#: sender: Instrument; by: Person | None; at: datetime
instrument_changed = _signals.signal("instrument-changed")
#: sender: booking.waiting.models.Watch; found: list[Interval] (free stretches of its instrument); at: datetime
freed_time_found = _signals.signal("freed-time-found")
#: sender: Person; secret: str (the one-time address to prove the mailbox); at: datetime
mail_address_claimed = _signals.signal("mail-address-claimed")
#: sender: Booking; exception: OpeningException that now stands in its way; alternatives: list of what can be had
#: instead; by: Person; at: datetime
booking_hit = _signals.signal("booking-hit")
#: sender: Booking in whose way nothing stands any more; by: Person; at: datetime
booking_spared = _signals.signal("booking-spared")
#: sender: OutsideCalendar that cannot be read; at: datetime
calendar_failing = _signals.signal("calendar-failing")
