"""When an instrument can be had: opening hours, slot rules and taken time, brought together."""
