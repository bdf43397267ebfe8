"""How each person wants to be told by mail: at once, in a digest, or not; and the hours in which no mail comes."""
