"""Availability, the lifecycle of a booking and its approval route."""
