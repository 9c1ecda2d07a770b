"""The loop: mutate, check, and shrink what fails."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from fuzz import mutation, targets
from partialjson.testing import shrink


@dataclass(frozen=True)
class Failure:
    """An input for which a target's invariant does not hold."""

    data: bytes
    """The shortest such input that was found."""
    error: Exception
    """What ``check`` raises for it."""
    found: str = ""
    """How it was found, where it was searched for."""


def attempt(target: targets.Target, data: bytes) -> Exception | None:
    """What ``check`` raises for ``data``, if anything."""
    try:
        target.check(data)
    except Exception as error:
        # Whatever leaves check is the finding.
        return error
    return None


def fuzz(target: targets.Target, runs: int, seed: int, only: str = "") -> Failure | None:
    """Check the seeds themselves, then mutants until ``runs`` inputs were checked or one fails.

    ``only`` those seeds whose names hold this. A target may have a ``mutant`` of its own.

    Equal arguments give equal inputs, in every version of Python that keeps ``random`` as it is.
    """
    rng = random.Random(seed)
    seeds = targets.seeds(target, only)
    mutant = getattr(target, "mutant", mutation.mutant)
    for run in range(1, runs + 1):
        data = seeds[run - 1] if run <= len(seeds) else mutant(rng, seeds)
        failure = verify(target, data)
        if failure is not None:
            return replace(failure, found=f" on input {run}")
    return None


def verify(target: targets.Target, data: bytes | None) -> Failure | None:
    """The failure, for the smallest part of ``data`` that raises the same type of exception, if any."""
    error = None if data is None else attempt(target, data)
    if data is None or error is None:
        return None

    def same(part: list[int]) -> bool:
        return type(attempt(target, bytes(part))) is type(error)

    kept = shrink(list(data), same)
    smallest = bytes(kept)
    return Failure(smallest, attempt(target, smallest) or error)
