"""The rows of the speed table: one module an operation, `measure(house, folder)` gives its rows."""
