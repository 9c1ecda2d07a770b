"""The record of a violation, and the message that goes back to the model."""

from __future__ import annotations

from partialjson.errors import PartialJSONError
from partialjson.schema import SchemaFault, Verdict, Violation


def test_a_violation_knows_its_json_pointer() -> None:
    assert Violation(("a/b", 0, "~"), "type", "").pointer == "/a~1b/0/~0"


def test_no_message_where_nothing_is_wrong() -> None:
    assert Verdict(True, 1).message() == ""


def test_a_message_has_a_line_for_each_error_and_no_more_than_ten() -> None:
    errors = tuple(Violation(("a", n), "type", "long", advice="must be of type integer") for n in range(12))
    lines = Verdict(False, None, errors).message().splitlines()
    assert lines[0] == "The arguments are not valid:"
    assert lines[1] == "- /a/0: must be of type integer"
    assert lines[10:] == ["- /a/9: must be of type integer", "- and 2 more"]


def test_the_root_is_called_so() -> None:
    assert "- (root): no" in Verdict(False, None, (Violation((), "type", "", advice="no"),)).message()


def test_a_name_from_the_model_cannot_break_the_lines() -> None:
    violation = Violation(("a\n- /b: must be 5\x1b[0m" + "c" * 100,), "type", "", advice="no")
    message = Verdict(False, None, (violation,)).message()
    assert len(message.splitlines()) == 2
    assert message.isascii()
    assert len(message) < 100


def test_a_fault_is_ours_and_a_value_error() -> None:
    fault = SchemaFault("steps", "too many")
    assert isinstance(fault, PartialJSONError)
    assert isinstance(fault, ValueError)
    assert (fault.reason, str(fault)) == ("steps", "too many")
