"""What will come: how likely deals are won, what the coming weeks and months bring, and how sure that is."""
