"""What travels upwards between floors. A hearer runs inside the sender's transaction and only writes rows."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any
from weakref import WeakKeyDictionary

from blinker import NamedSignal


class _Signal(NamedSignal):
    """Heard in the order of connecting, in every process alike.

    blinker's own order is that of a set. Hearers lock rows (an agreement, a calendar), and two processes that lock
    them in different orders wait for each other.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._places: WeakKeyDictionary[Callable[..., Any], int] = WeakKeyDictionary()

    def connect(self, receiver: Any, *args: Any, **kwargs: Any) -> Any:
        self._places.setdefault(receiver, len(self._places))
        return super().connect(receiver, *args, **kwargs)

    def receivers_for(self, sender: Any) -> Generator[Callable[..., Any], None, None]:
        yield from sorted(super().receivers_for(sender), key=self._places.__getitem__)


#: sender: Booking; action: booking.rules.Action; by: Person | None; at: datetime; comment: str;
#: moved_from: Interval | None (the time before it was rescheduled)
booking_changed = _Signal("booking-changed")
#: sender: Booking, which begins soon; at: datetime
booking_near = _Signal("booking-near")
#: sender: Booking; steps: those of its pending steps that are soon due; at: datetime
decision_near = _Signal("decision-near")
#: sender: Booking; steps: those of its pending steps that another office is asked for, too, from now on; at: datetime
decision_escalated = _Signal("decision-escalated")
#: sender: Series; deeds: what was done with its bookings, each told by booking_changed before; by: Person; at; comment
series_changed = _Signal("series-changed")
#: sender: UsageRecord; by: Person; at: datetime
usage_recorded = _Signal("usage-recorded")
#: sender: Agreement; by: Person | None; at: datetime
agreement_changed = _Signal("agreement-changed")
#: sender: Agreement; passed: accounting.services.warning.Passed (the mark that its quota has reached); at: datetime
quota_near = _Signal("quota-near")
#: sender: Project; what: str (invited, asked, joined, accepted, refused, …); person: Person | None whom it is about;
#: by: Person; at: datetime; note: str; minutes: int
project_changed = _Signal("project-changed")
#: sender: ProjectAllocation; by: Person | None; at: datetime
allocation_changed = _Signal("allocation-changed")
#: sender: FacilityShare; by: Person | None; at: datetime
share_changed = _Signal("share-changed")
#: sender: Instrument; by: Person | None; at: datetime
instrument_changed = _Signal("instrument-changed")
#: sender: booking.waiting.models.Watch; found: list[Interval] (free stretches of its instrument); at: datetime
freed_time_found = _Signal("freed-time-found")
#: sender: Person; secret: str (the one-time address to prove the mailbox); at: datetime
mail_address_claimed = _Signal("mail-address-claimed")
#: sender: Person who forgot their password; secret: str (the one-time address to choose another); at: datetime
password_forgotten = _Signal("password-forgotten")
#: sender: Person whose password is another one; at: datetime
password_changed = _Signal("password-changed")
#: sender: Person who signed out everywhere; at: datetime
everything_ended = _Signal("everything-ended")
#: sender: Booking; exception: OpeningException that now stands in its way; alternatives: list of what can be had
#: instead; by: Person; at: datetime
booking_hit = _Signal("booking-hit")
#: sender: Booking in whose way nothing stands any more; by: Person; at: datetime
booking_spared = _Signal("booking-spared")
#: sender: Deputy that was named or withdrawn; at: datetime
deputy_changed = _Signal("deputy-changed")
#: sender: OutsideCalendar that cannot be read; at: datetime
calendar_failing = _Signal("calendar-failing")
#: sender: Person whom nobody vouches for yet; liaisons: list[int] (ids of people); at: datetime
vouching_asked = _Signal("vouching-asked")
#: sender: Person for whom a liaison vouched or who lost that word; what: given, withdrawn; by: Person; at: datetime;
#: reason: str
vouching_changed = _Signal("vouching-changed")
#: sender: Person whose second factor was reset for them; at: datetime
second_factor_reset = _Signal("second-factor-reset")
#: sender: Person; what: connected or disconnected (a provider through which they sign in); provider: str (its title);
#: at: datetime
way_in_changed = _Signal("way-in-changed")
#: sender: booking.conversation.models.Remark; at: datetime
remark_made = _Signal("remark-made")
#: sender: Booking whose conversation was read to its end; by: Person; at: datetime
remarks_seen = _Signal("remarks-seen")
#: sender: identity.applications.models.InstitutionApplication; deciders: list[int] (ids of people); at: datetime
institution_applied = _Signal("institution-applied")
#: sender: InstitutionApplication that was admitted or declined; by: Person; at: datetime
institution_decided = _Signal("institution-decided")
#: sender: booking.at_instrument.models.Fault that was reported; at: datetime
fault_reported = _Signal("fault-reported")
#: sender: Institution; invitations: list[identity.invitations.models.Invitation]; by: Person; at: datetime
people_invited = _Signal("people-invited")
#: sender: Booking; what: booking.happenings.Happening; by: Person | None; at: datetime; detail: str; comment: str
happened = _Signal("happened")
#: sender: Booking whose results are overdue; at: datetime
results_overdue = _Signal("results-overdue")
#: sender: booking.afterwards.models.CreditEntry that was contested, upheld or lifted; by: Person; at: datetime
credit_changed = _Signal("credit-changed")
#: sender: TrainingSession; places: list[TrainingPlace] that it concerns; what: booked, waiting, moved_up, moved,
#: moved_in_line (the same for those who wait), cancelled or a result; by: Person | None; at: datetime
training_changed = _Signal("training-changed")
#: sender: Qualification; what: granted, revoked, or ending (it runs out soon); by: Person | None; at: datetime
qualification_changed = _Signal("qualification-changed")
#: sender: Screening; what: answered, or the state that the office gave it; by: Person; at: datetime
screening_changed = _Signal("screening-changed")
#: sender: Proposal; what: submitted, named, left, granted or refused; people: list[int] who are told (ids);
#: by: Person; at: datetime; comment: str
proposal_changed = _Signal("proposal-changed")
#: sender: Proposal that is still a draft although its call closes soon; at: datetime
draft_near = _Signal("draft-near")
#: sender: Reviewer who has reviews to hand in that are soon due; at: datetime
reviews_near = _Signal("reviews-near")
#: sender: Reviewer of a call who was appointed; by: Person; at: datetime
reviewer_appointed = _Signal("reviewer-appointed")
