"""People join an institution because its liaison invited them by mail."""
