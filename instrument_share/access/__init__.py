"""Floor 2: agreements, projects, qualifications and eligibility."""
