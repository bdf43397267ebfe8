"""Agreements between host and partner institutions: who uses what, within which yearly quota."""
