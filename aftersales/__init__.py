"""What went wrong and what was done."""
