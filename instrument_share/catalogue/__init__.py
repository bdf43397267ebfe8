"""Floor 1: facilities, instruments, opening hours, closures and the search over them."""
