"""Calls of the site itself to servers of others: which addresses, how long, how much. Whoever calls uses this."""
