"""What a booking for data gives: a description, its licence, and its DOI when it is published."""
