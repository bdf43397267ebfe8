"""Institutions that ask to take part: what they say of themselves, and who admits them."""
