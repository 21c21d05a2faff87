"""Every exhibit, whatever the figures: no word hidden, cut off, too small or too pale."""

from __future__ import annotations

import re

import pytest
from tests.charts.awkward import CASES, MONTHS, cut
from tests.charts.reading import check_contrast, check_lines_miss_words, check_marks, check_words

import wfanalytics as wf
from wfanalytics.present.exhibit import ALT_TEXT_LIMIT
from wfanalytics.present.markup import render_exhibit
from wfanalytics.present.phrases import MOST_WORDS, count_words

#: What a councillor must never read.
SLIPS = re.compile(r"\bnan\b|\bNaN\b|[-−]0\.0|\b1 leavers\b|\bNone\b|  |\b\d{4}-\d{2}-\d{2}\b")


@pytest.fixture(scope="module")
def sample():
    return cut(wf.open_area("exampleshire", month="2020-09"), MONTHS)


def check_exhibit(name, data):
    """An exhibit that reads well, or says why it has nothing to show."""
    exhibit = getattr(wf.exhibits, name)(data)
    page = re.sub(r"<[^>]+>", "", render_exhibit(exhibit, png=None))
    assert SLIPS.search(page) is None, SLIPS.search(page)
    assert exhibit.headline
    assert [s for s in exhibit.sentences if count_words(s) > MOST_WORDS] == []
    if exhibit.status == "unavailable":
        assert exhibit.figure is None
        assert exhibit.sentences
    if exhibit.figure is not None:
        assert 0 < len(exhibit.alt_text) <= ALT_TEXT_LIMIT
        check_words(exhibit.figure)
        check_lines_miss_words(exhibit.figure.axes[0])
        check_marks(exhibit.figure)
        check_contrast(exhibit.figure)


@pytest.mark.parametrize("case", CASES)
def test_every_exhibit_is_readable(case, sample):
    data, faults = CASES[case](sample), {}
    same = {"outlook_backtest"} if data.tables is sample.tables else set()
    for name in sorted({*wf.exhibits.__all__} - same):
        try:
            check_exhibit(name, data)
        except Exception as error:
            faults[name] = f"{type(error).__name__}: {error}"[:300]
    assert faults == {}
