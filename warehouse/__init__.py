"""Where the goods are."""
