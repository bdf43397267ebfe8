"""Hearer: the outbox, its mails and the inbox on the site."""
