"""What will come: how likely deals are won, what revenue and cash the coming weeks and months bring, how sure that is."""
