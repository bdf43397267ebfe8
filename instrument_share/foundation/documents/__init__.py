"""Documents that leave the house: comma-separated text, workbooks and typeset pages."""
