"""What applicant and offices write to each other on a booking, with files; and the offices' notes among themselves."""
