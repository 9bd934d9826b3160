"""The parts of the page Order cycle: how long, where it waits, which ways orders go."""
