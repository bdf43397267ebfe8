"""What is held about a person: all of it given to them as files."""
