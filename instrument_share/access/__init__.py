"""Agreements, projects, qualifications and eligibility."""
