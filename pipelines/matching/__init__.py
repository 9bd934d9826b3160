"""Who is who: the fields of an account as they are compared between systems."""
