"""Who comes on a booking on site, from when until when, and what is to be done for their arrival and departure."""
