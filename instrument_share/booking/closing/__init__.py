"""Closures and blockings from the side of the bookings that they hit: who is told, and what can be done."""
