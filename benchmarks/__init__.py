"""Figures of ours beside what the machine can do at most, measured in the same run."""
