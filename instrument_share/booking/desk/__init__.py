"""The desk of whoever decides: what waits, the most urgent first, with everything beside it that a decision needs."""
