"""The pages of lots and bins."""
