"""Promise 15 where everything can be tried, and on tools: `python -m benchmarks --earliness` has numbers.

Small schemas are tried on every text of a small universe: a prefix is reported only if no text of the
universe that begins with it is valid. Tools, samples of ours and those of recorded requests, are tried on
valid arguments and on arguments with one keyword broken.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.earliness import STREAMS, requested, samples, scores, small, small_row, tried

SMALL = small()
VERDICTS = Path(__file__).parents[1] / "docs" / "verdicts.md"


@pytest.mark.parametrize("keyword", SMALL)
def test_15_no_prefix_is_reported_that_can_still_become_valid(keyword: str) -> None:
    results = [tried(schema) for schema in SMALL[keyword]]
    for result, schema in zip(results, SMALL[keyword], strict=True):
        assert result.invalid
        assert result.reported <= result.hopeless, schema
        assert [text for text, read in result.invalid.items() if read > len(text)] == [], schema
    if VERDICTS.exists():
        assert small_row(keyword, results) in [
            line.split() for line in VERDICTS.read_text("utf-8").splitlines()
        ]


def check(schemas: dict[str, Any], rounds: int) -> None:
    found = [score for schema in schemas.values() for score in scores(schema, rounds)]
    assert all(score.valid for score in found if score.keyword == "")
    assert not [score for score in found if score.valid and score.read <= score.length]
    wrong = [score for score in found if not score.valid]
    caught = [score for score in wrong if score.read <= score.length]
    assert len(wrong) > len(schemas)
    assert len(caught) == len(wrong)


def test_15_sample_tools_valid_and_with_one_keyword_broken() -> None:
    check(samples(), 15)


@pytest.mark.skipif(not STREAMS, reason="PARTIALJSON_STREAMS names no directory of recorded streams")
def test_15_the_tools_of_recorded_requests() -> None:
    found = requested()
    assert len(found) > 70
    check(found, 5)
