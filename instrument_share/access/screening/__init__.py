"""Screening: what has to be asked about people and their work before some instruments are used, and who decides."""
