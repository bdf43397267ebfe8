"""Co-built facilities: institutions that own a share of their time."""
