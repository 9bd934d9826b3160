"""Which days are working days, country by country."""
