"""Connecting to an instrument from afar: when, how, who is on duty, and what is checked before."""
