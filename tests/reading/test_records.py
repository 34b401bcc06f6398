"""Files of records: one text is taken out of one, several are no document."""

from __future__ import annotations

import json

import pytest

from policybook.reading.records import one_record, several_texts

TEXT = "The plan builds homes in every county and in the towns."


def test_paragraphs_in_a_list_are_one_text_and_the_other_fields_say_what_it_is() -> None:
    found = one_record(json.dumps({"Title": "Homes", "paragraphs": [TEXT, TEXT], "views": 3}))
    assert found is not None
    assert (found.text, found.stated) == (f"{TEXT}\n{TEXT}", {"title": "Homes"})


#: A text of tags without end, which must not be looked through once for each of them.
TAGS = '{"text": "' + "<a>" * 40_000 + 'x"}'


@pytest.mark.parametrize("text", ['{"a": 1}', "[1, 2]", '{"a": ' * 5000, TAGS, '{"text": "Homes"', TEXT, ""])
def test_what_holds_no_text_in_records_is_left_alone(text: str) -> None:
    assert one_record(text) is None
    assert several_texts(text) == ""
