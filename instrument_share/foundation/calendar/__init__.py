"""iCalendar text (RFC 5545), written straight from values.

The icalendar library reads and checks what is written here (tests/schedule). It does not write it:
a thousand events through its object tree take ten times as long, and its VTIMEZONE starts daylight
time an hour late.
"""
