"""Samples that come by mail: their labels, and the way of each from the sender to its end."""
