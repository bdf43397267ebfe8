"""The audit trail as auditors read it: searched, in words, with the way to what each entry is about."""
