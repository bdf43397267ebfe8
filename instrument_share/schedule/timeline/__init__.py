"""The timeline: what is taken of many instruments side by side, in columns and not in objects."""
