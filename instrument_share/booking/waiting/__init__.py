"""The waiting list: wishes for time that is taken now, and offers in order when it frees; watching an instrument."""
