"""Hearer: calendars (RFC 5545) of instruments, facilities and people."""
