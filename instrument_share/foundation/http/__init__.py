"""What every HTTP face shares: schemas' field types, paging, conditional requests, problems and forms."""
