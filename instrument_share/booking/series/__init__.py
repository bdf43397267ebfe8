"""Several bookings that were asked for as one, by a recurrence rule (RFC 5545 section 3.8.5.3)."""
