"""Usage records, rates, charges, the two ledgers and statements."""
