"""Facilities, instruments, opening hours, closures and the search over them."""
