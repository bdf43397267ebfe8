"""Values without a table: what every floor of the house may use."""
