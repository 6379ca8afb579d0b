"""The pages of samples, of rounds of draws, and of laboratories."""
