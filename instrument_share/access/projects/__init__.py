"""Joint projects, joint laboratories and big-science programmes: their people, and time of their own."""
