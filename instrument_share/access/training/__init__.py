"""Training: sessions with places, what people were qualified for, until when, and how that is taken away."""
