"""What opens, closes or blocks an instrument beyond its weekly hours."""
