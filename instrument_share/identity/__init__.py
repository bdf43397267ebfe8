"""People, institutions, roles, sign-in, tokens and the audit trail."""
