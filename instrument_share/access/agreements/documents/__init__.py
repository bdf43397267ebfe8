"""Documents of an agreement: the memorandum, its annexes and renewals, for the offices of both sides."""
