"""The decision of a call: the ranking, who gets how many hours, and what comes of it."""
