"""Hearer: the yearly contribution report and other figures, read from bookings and ledgers."""
