"""Sources that are read from the database of the system itself."""
