"""Every exhibit of the sample and of the published figures: words, pictures, tables."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from tests.charts.reading import check_lines_miss_words, check_words

import wfanalytics as wf
from wfanalytics.measures.area_data import select
from wfanalytics.present.exhibit import ALT_TEXT_LIMIT
from wfanalytics.present.markup import render_exhibit
from wfanalytics.present.phrases import MOST_WORDS, count_words

MONTHS = ("2017-04", "2018-04", "2019-07", "2019-12", "2020-09")
#: What a councillor must never read.
SLIPS = re.compile(r"\bnan\b|\bNaN\b|-0\.0|\b1 leavers\b|\bNone\b|  |\b\d{4}-\d{2}-\d{2}\b")


@pytest.fixture(scope="module", params=MONTHS)
def data(request):
    return wf.open_area("exampleshire", month=request.param)


@pytest.fixture(scope="module")
def july():
    return wf.open_area("exampleshire", month="2019-07")


@pytest.mark.parametrize("name", wf.exhibits.__all__)
def test_every_exhibit_reads_well_in_every_month(data, name):
    exhibit = getattr(wf.exhibits, name)(data)
    assert exhibit.key == name
    assert exhibit.question.endswith("?")
    words = [exhibit.headline, *exhibit.sentences, exhibit.alt_text, exhibit.description]
    for text in [*words, exhibit.subtitle, exhibit.source, *exhibit.notes]:
        assert SLIPS.search(text) is None, text
    for sentence in exhibit.sentences:
        assert count_words(sentence) <= MOST_WORDS, sentence
    assert SLIPS.search(re.sub(r"<[^>]+>", "", render_exhibit(exhibit, png=None))) is None
    if exhibit.figure is not None:
        assert 0 < len(exhibit.alt_text) <= ALT_TEXT_LIMIT
        check_words(exhibit.figure)
        check_lines_miss_words(exhibit.figure.axes[0])


def test_the_sample_has_every_exhibit_in_its_last_month():
    data = wf.open_area("exampleshire", month="2020-09")
    # All authorities' figures are not shipped: without a fetched file there is no benchmark.
    # Nor is there an earlier report to compare with, or a weight in the profile.
    without = ("benchmark_", "revisions", "caseload_weighted")
    names = [name for name in wf.exhibits.__all__ if not name.startswith(without)]
    made = {name: getattr(wf.exhibits, name)(data).status for name in names}
    assert {name: status for name, status in made.items() if status != "ok"} == {}


@pytest.fixture(scope="module")
def september():
    return wf.open_area("exampleshire", month="2020-09")


def test_no_two_exhibits_have_one_headline(september):
    """A list of contents, and a link's name, tell them apart by it."""
    made = [getattr(wf.exhibits, name)(september).headline for name in wf.exhibits.__all__]
    assert sorted(made) == sorted(set(made))


def test_a_figure_of_an_earlier_week_is_dated_in_the_headline(september):
    exhibit = wf.exhibits.caseload_newly_qualified(september)
    assert exhibit.headline == (
        "In June 2020 newly qualified staff held 10.2 cases per FTE, others 15.5"
    )
    early = wf.exhibits.caseload_newly_qualified(wf.open_area("exampleshire", month="2018-03"))
    assert early.headline == "Newly qualified staff held 11.4 cases per FTE, others 20.0"


def test_people_and_fte_of_one_thing_are_told_apart_in_notes_and_headings(september):
    notes = " ".join(wf.exhibits.agency_services(september).notes)
    assert "Agency staff, FTE: sum of FTE" in notes
    assert "Agency staff, people: agency staff at the date" in notes
    columns = list(wf.exhibits.absence_trend(september).table.columns)
    assert columns[2:4] == ["Working days lost", "Working days available"]


def test_rows_touched_add_up_to_those_refused(september):
    """1,165 not used and 292 repeats are the 1,457 rows that the extracts' own counts refuse."""
    (sentence,) = wf.exhibits.quality_rules(september).sentences
    assert sentence == (
        "Rows touched: 1,165 not used; 292 left out as a repeat; 447 repaired; 181 used, to be "
        "asked about; 1 used, may be wrong."
    )
    assert "and 1,457 of them refused" in wf.exhibits.quality_files(september).sentences[0]


def test_what_doubtful_rows_could_move_is_said_in_sentences(september):
    assert wf.exhibits.quality_month(september).sentences[1:3] == (
        "Counting refused rows, or leaving queried ones out, could move the vacancy rate before "
        "agency cover by at most 0.3 percentage points.",
        "It could move the number of leavers in twelve months by at most 2 people.",
    )


def test_a_short_history_is_described_by_the_months_it_has():
    exhibit = wf.exhibits.caseload_shares(wf.open_area("exampleshire", month="2018-03"))
    assert "Exampleshire, 12 months. In March 2018" in exhibit.alt_text


def test_july_2019_says_percentage_points_and_eleven_and_a_half(july):
    sentences = wf.exhibits.vacancy_trend(july).sentences
    assert sentences[1] == (
        "Between February 2019 and July 2019 the uncovered vacancy rate fell by 11.5 percentage "
        "points, from 18.5% to 7.0%; lower is better."
    )
    assert sentences[3:] == (
        "In July 2019 it was below the usual range of 12.0% to 14.8%: better by more than chance.",
        "At 7.0% it is 3.0 percentage points below our target of 10% and meets it.",
        "Its level is changing, so its past range cannot say whether the target will be met.",
    )


def test_a_managers_words_stand_beside_the_measure_and_are_escaped(july):
    exhibit = wf.exhibits.vacancy_trend(july)
    assert exhibit.explanation.startswith("Sixty more people were in permanent posts in July")
    assert "reports in September 2019" in exhibit.action
    assert wf.exhibits.vacancy_gross(july).explanation == ""
    words = {"uncovered_vacancy_rate_fte": ("<b>Cover</b>", "*Review*")}
    changed = type(july)(**{**vars(july), "commentary": words})
    page = render_exhibit(wf.exhibits.vacancy_trend(changed), png=None)
    assert "&lt;b&gt;Cover&lt;/b&gt;" in page
    assert "*Review*" in page


def test_who_fills_the_posts_adds_up_to_the_establishment_each_month(july):
    exhibit = wf.exhibits.vacancy_cover(july)
    table = exhibit.table
    assert len(table) == 25
    parts = table[["Permanent, FTE", "Covered by agency, FTE", "Uncovered, FTE"]].sum(axis=1)
    assert (parts.round(1) == table["Establishment, FTE"]).all(), "as printed"
    establishment = select(july, "establishment_fte").set_index("period_end")["value"]
    assert table["Establishment, FTE"].tolist() == [round(v, 1) for v in establishment[-25:]]
    shares = [float(text) for text in re.findall(r"\((\d+\.\d)%\)", exhibit.sentences[0])]
    assert round(sum(shares), 9) == 100
    words = [text.get_text() for text in exhibit.figure.axes[0].texts]
    assert [f"({share}%)" in " ".join(words) for share in shares] == [True] * 3
    bars = exhibit.figure.axes[0].patches
    assert len(bars) == 4 * 25, "over-establishment is a part of its own"


def test_a_month_without_its_staff_list_has_no_bar_and_no_figure(july):
    measures = july.measures.copy()
    lost = measures["period_end"] == pd.Timestamp("2019-05-31")
    lost &= measures["measure"].isin(["uncovered_vacancy_fte", "agency_cover_fte"])
    measures.loc[lost, ["value", "numerator"]] = None
    measures.loc[lost, "status"] = "missing"
    exhibit = wf.exhibits.vacancy_cover(type(july)(**{**vars(july), "measures": measures}))
    assert exhibit.table.set_index("Month").loc["May 2019"].tolist() == ["no figure"] * 5
    assert len(exhibit.figure.axes[0].patches) == 4 * 24


def test_caseload_shares_are_people_and_add_up(july):
    table = wf.exhibits.caseload_shares(july).table
    people = table.iloc[-1, 1:].astype(int).sum()
    assert people == int(select(july, "case_holders_headcount")["value"].iloc[-1])


def test_targets_are_drawn_only_where_valid(july):
    axes = wf.exhibits.vacancy_trend(july).figure.axes[0]
    lines = {str(line.get_label()): line for line in axes.lines}
    drawn = [line for label, line in lines.items() if label.startswith("_target")]
    starts = sorted(pd.Timestamp(line.get_xdata()[0]).date().isoformat() for line in drawn)
    assert starts == ["2017-12-01", "2019-07-01"]


def test_monthly_leavers_are_called_too_few_to_tell(july, september):
    exhibit = wf.exhibits.leavers_month(july)
    assert exhibit.headline.startswith("There ")
    assert "too few to tell a trend" in exhibit.sentences[1]
    # 9 leavers are above the usual 0 to 8: the sentence that says so is not taken back.
    assert "worse by more than chance" in wf.exhibits.leavers_month(september).sentences[1]


def test_the_councils_own_summary_agrees_and_a_changed_figure_is_shown(july):
    assert wf.exhibits.quality_summary(july).headline == (
        "Our figures agree with the council's own summary"
    )
    summary = july.tables["summary"].copy()
    is_july = (summary["month"] == july.month) & (summary["figure"] == "leavers_headcount")
    summary.loc[is_july, "value"] = 40.0
    changed = type(july)(**{**vars(july), "tables": {**july.tables, "summary": summary}})
    exhibit = wf.exhibits.quality_summary(changed)
    assert exhibit.headline == "1 figure differs from the council's own summary"
    assert exhibit.table["Agrees"].tolist().count("no") == 1


def test_missing_december_caseload_says_so_and_draws_no_zero():
    december = wf.open_area("exampleshire", month="2019-12")
    exhibit = wf.exhibits.caseload_shares(december)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == ("There is no caseload figure for December 2019.",)
    weekly = wf.exhibits.caseload_trend(december)
    assert weekly.sentences[0] == "No figure for the week ending 29 December 2019: missing."


@pytest.mark.parametrize(("area", "file"), [("West Sussex", True), ("England", True),
                                            ("Worcestershire", False)])  # fmt: skip
def test_published_areas_are_drawn_from_the_real_file(area, file, request):
    path = ""
    if file:
        folder = request.getfixturevalue("reference_dir") / "dfe"
        path = str(folder / "csww_indicators_2017_to_2023.csv")
    data = wf.open_area(area, month="2023-09", source="published", published_file=path)
    for name in ("vacancy_gross", "agency_trend", "turnover_trend", "caseload_trend"):
        exhibit = getattr(wf.exhibits, name)(data)
        assert exhibit.status == "ok"
        check_words(exhibit.figure)
        own = exhibit.figure.axes[0].lines
        years = {len(line.get_xdata()) for line in own if "_series" in str(line.get_label())}
        assert 7 in years, "2017 to 2023"


@pytest.mark.parametrize("area", ["West Sussex", "Isles of Scilly", "Barnsley", "Haringey"])
@pytest.mark.parametrize("name", [n for n in wf.exhibits.__all__ if n.startswith("benchmark_")])
def test_benchmarks_read_well_wherever_the_area_stands(area, name, reference_dir):
    path = str(reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv")
    data = wf.open_area(area, month="2023-09", source="published", published_file=path)
    exhibit = getattr(wf.exhibits, name)(data)
    for sentence in exhibit.sentences:
        assert count_words(sentence) <= MOST_WORDS, sentence
        assert SLIPS.search(sentence) is None, sentence
    if exhibit.figure is not None:
        check_words(exhibit.figure)


def test_stated_figures_are_marked_as_what_they_are(reference_dir):
    path = str(reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv")
    data = wf.open_area("West Sussex", month="2019-09", source="published", published_file=path)
    exhibit = wf.exhibits.vacancy_gross(data)
    assert exhibit.sentences[0] == (
        "The vacancy rate before agency cover was 10.2% at the end of September 2019 "
        "(56.3 of 550.8 FTE)."
    )
    assert "stated: 7% uncovered vacancies, July 2019" in exhibit.description
    said = " ".join(text.get_text() for text in exhibit.figure.axes[0].texts)
    assert "stated: 7% uncovered" in " ".join(said.split())
    assert any("another measure" in note for note in exhibit.notes)


def test_what_dfe_does_not_publish_says_so(reference_dir):
    data = wf.open_area("West Sussex", month="2019-09", source="published")
    exhibit = wf.exhibits.vacancy_services(data)
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (
        "DfE does not publish this: it needs the authority's own extracts.",
    )
