"""Bookings on the wire: the only place where outside data becomes booking values, and back."""

from .asking import (
    CommentSchema,
    FinishSchema,
    RequestSchema,
    RescheduleSchema,
    SampleSchema,
    use_from,
)
from .telling import (
    BookingListQuery,
    BookingPage,
    BookingSchema,
    ChargeSchema,
    InstitutionSchema,
    PersonSchema,
    StepSchema,
    booking_out,
)
from .times import (
    AlternativeSchema,
    AvailabilitySchema,
    BusySchema,
    FreeSchema,
    StretchSchema,
    WindowQuery,
)

__all__ = [
    "AlternativeSchema",
    "AvailabilitySchema",
    "BookingListQuery",
    "BookingPage",
    "BookingSchema",
    "BusySchema",
    "ChargeSchema",
    "CommentSchema",
    "FinishSchema",
    "FreeSchema",
    "InstitutionSchema",
    "PersonSchema",
    "RequestSchema",
    "RescheduleSchema",
    "SampleSchema",
    "StepSchema",
    "StretchSchema",
    "WindowQuery",
    "booking_out",
    "use_from",
]
