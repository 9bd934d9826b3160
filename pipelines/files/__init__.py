"""A folder of exports: its settings, its tables, its values made the contract's types, and what is wrong with them."""
