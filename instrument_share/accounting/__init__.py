"""Floor 4: usage records, rates, charges, the two ledgers and statements."""
