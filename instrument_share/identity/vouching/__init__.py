"""A liaison's word for people: lists of them, and taking the word back."""
