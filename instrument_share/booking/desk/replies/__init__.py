"""Texts that the deciders of a facility keep for their answers, in the languages of their applicants."""
