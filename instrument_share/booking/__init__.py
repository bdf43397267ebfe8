"""Floor 3: availability, the lifecycle of a booking and its approval route."""
