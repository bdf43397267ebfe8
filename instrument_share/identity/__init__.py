"""Floor 0: people, institutions, roles, sign-in, tokens and the audit trail."""
