"""The check of what a text may not say, under the name by which others know it. Its home is ``assurance.advertising``: claims and the
catalogue, below and above this package, read it too."""

from assurance.advertising import HIGH, LEVELS, LONGEST, LOW, MEDIUM, Finding, Level, Rule, Rules, check, read, shipped

__all__ = ["HIGH", "LEVELS", "LONGEST", "LOW", "MEDIUM", "Finding", "Level", "Rule", "Rules", "check", "read", "shipped"]
