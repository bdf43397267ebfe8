"""Who may do what, where, and why: roles given and taken back, and the reasons behind every permission."""
