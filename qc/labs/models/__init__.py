"""Laboratories with their scope, rounds of draws, samples and what was found in them."""

from qc.labs.models.reference import MARKS, LabScope, LabTest, LabTie
from qc.labs.models.results import LabResult, Verification
from qc.labs.models.rounds import DrawCandidate, DrawRound, DrawSeed
from qc.labs.models.samples import Sample, SampleHandover, SampleTest

__all__ = [
    "MARKS",
    "DrawCandidate",
    "DrawRound",
    "DrawSeed",
    "LabResult",
    "LabScope",
    "LabTest",
    "LabTie",
    "Sample",
    "SampleHandover",
    "SampleTest",
    "Verification",
]
