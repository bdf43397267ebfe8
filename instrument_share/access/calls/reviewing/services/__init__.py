"""Reviewers are appointed, declare what ties them to a proposal, and say what they think of it."""

from .appointing import appoint, dismiss
from .judging import declare, hand_in, keep_unfinished

__all__ = ["appoint", "declare", "dismiss", "hand_in", "keep_unfinished"]
