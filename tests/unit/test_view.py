"""Any measure, place and period as an exhibit, and the explorer that chooses it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

import wfanalytics as wf
from wfanalytics.errors import ParameterError, WfanalyticsError
from wfanalytics.measures.area_data import AreaData
from wfanalytics.present.explore import render_view
from wfanalytics.present.view import view
from wfanalytics.settings import Event, Target

MEASURE = "uncovered_vacancy_rate_fte"
PLACES = [("authority", "Shire"), ("team", "North"), ("team", "South"), ("team", "Small")]
#: Per cent, by place; 24 months to December 2020. The small team's figures are withheld.
VALUES = {"Shire": 10.0, "North": 8.0, "South": 12.0, "Small": float("nan")}


def make_rows(kind: str, ends: pd.DatetimeIndex) -> pd.DataFrame:
    """A row a place and period, each a little above or below its value in turn."""
    lines = [
        (level, name, end, (VALUES[name] + (-1) ** i) / 100)
        for level, name in PLACES
        for i, end in enumerate(ends)
    ]
    rows = pd.DataFrame(lines, columns=["area_level", "area_name", "period_end", "value"])
    return rows.assign(
        measure=MEASURE, period_start=rows["period_end"], period_type=kind,
        area_code=rows["area_name"].str.lower(), breakdown="all", breakdown_value="all",
        numerator=rows["value"] * 100, denominator=rows["value"] * 0 + 100,
        status=rows["value"].isna().map({True: "suppressed", False: "ok"}),
        definition_version="1", source="local",
    )  # fmt: skip


@pytest.fixture(scope="module")
def data():
    months = make_rows("snapshot", pd.date_range("2019-01-31", periods=24, freq="ME"))
    weeks = make_rows("week", pd.date_range("2020-12-06", periods=4, freq="7D"))
    aim = Target(measure=MEASURE, value=0.1, valid_from=date(2019, 1, 1), label="our target: 10%",
                 source="minutes", status="our target")  # fmt: skip
    return AreaData(
        "shire", "Shire", "local", pd.Timestamp("2020-12-31"), pd.concat([months, weeks]),
        (aim,), (Event(date=date(2020, 3, 23), label="Lockdown", kind="pandemic"),), {},
        pd.DataFrame(), pd.DataFrame(), (13.0, 16.0), pd.DataFrame(),
    )  # fmt: skip


# --- what is shown -------------------------------------------------------------------------------
def test_the_area_itself_against_its_own_target(data):
    shown = view(data, MEASURE)
    assert shown.sentences[0] == (
        "The uncovered vacancy rate was 9.0% at the end of December 2020 (9.0 of 100.0 FTE)."
    )
    assert shown.headline == "Uncovered vacancy rate fell to 9.0%, meeting our target of 10%"
    assert len(shown.table) == 13
    assert shown.notes[0] == str(wf.find_definition(MEASURE))


def test_months_asked_for_are_the_months_drawn(data):
    shown = view(data, MEASURE, level="team", place="South", start="2020-03", end="2020-06")
    assert shown.table["Month end"].tolist() == [
        "March 2020", "April 2020", "May 2020", "June 2020",
    ]  # fmt: skip
    assert shown.table["Uncovered vacancy rate"].tolist() == ["13.0%", "11.0%", "13.0%", "11.0%"]
    assert shown.subtitle == "Uncovered vacancy rate, per cent, South"


def test_limits_rest_on_all_figures_and_not_on_those_drawn(data):
    words = "within the usual range"
    [whole] = [s for s in view(data, MEASURE).sentences if words in s]
    [part] = [s for s in view(data, MEASURE, start="2020-09").sentences if words in s]
    assert whole == part


def test_weeks(data):
    shown = view(data, MEASURE, weekly=True)
    assert shown.table.columns[0] == "Week ending"
    assert shown.sentences[0].startswith(
        "The uncovered vacancy rate was 9.0% in the week ending 27 December 2020"
    )


def test_a_comparison_is_a_second_line_and_a_sentence_of_its_own(data):
    shown = view(data, MEASURE, level="team", place="North", beside="South")
    names = [line.get_label() for line in shown.figure.axes[0].lines]
    assert {"_series North", "_series South"} <= set(names)
    assert shown.sentences[-1] == (
        "South: The uncovered vacancy rate was 11.0% at the end of December 2020 (11.0 of 100.0 "
        "FTE)."
    )
    assert shown.subtitle == "Uncovered vacancy rate, per cent, North and South"
    area = view(data, MEASURE, level="team", place="North", beside="Shire")
    assert area.sentences[-1].startswith("Shire: The uncovered vacancy rate was 9.0%")


def test_every_place_is_a_bar_and_a_withheld_one_says_so(data):
    shown = view(data, MEASURE, level="team")
    assert shown.sentences == (
        "The uncovered vacancy rate was highest in South (11.0%) of those shown; 1 team cannot "
        "be shown.",
    )
    assert shown.table.set_index("Team").loc["Small"].iloc[0] == "withheld"


def test_a_withheld_place_says_why_and_draws_nothing(data):
    shown = view(data, MEASURE, level="team", place="Small")
    assert (shown.status, shown.figure) == ("unavailable", None)
    assert shown.sentences == (
        "Figures of uncovered vacancy rate for Small are withheld: they rest on fewer than five "
        "people.",
    )


def test_months_without_a_figure_say_so(data):
    assert view(data, MEASURE, start="2021-01").sentences == (
        "There is no figure of uncovered vacancy rate for Shire in these months.",
    )


# --- what is tried -------------------------------------------------------------------------------
def test_a_target_is_tried_in_per_cent_and_said_to_be_tried(data):
    tried = view(data, MEASURE, level="team", place="North", target=6.5)
    assert tried.headline.endswith("above our target of 6.5%")
    assert "The target is one that was tried, not one of the area's own." in tried.notes
    assert "target" not in view(data, MEASURE, target=None).headline
    assert not any("tried" in note for note in view(data, MEASURE).notes)


def test_limits_start_anew_with_a_reason(data):
    own = view(data, MEASURE)
    tried = view(data, MEASURE, phases={"2020-01": "Pay rose."})
    assert len(own.description.split("Usual range")) == 2
    assert len(tried.description.split("Usual range")) == 3
    assert (
        "The usual range starts anew with “New limits tried”, January 2020: Pay rose."
        in tried.notes
    )


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"phases": {"2020-01": " "}},
         "New limits from January 2020 need their reason: say what changed then."),
        ({"level": "teem"},
         "Unknown level 'teem'. Did you mean 'team'? Known: authority, locality, service, team."),
        ({"level": "team", "place": "Nort"},
         "Unknown team 'Nort'. Did you mean 'North'? Known: North, Small, South."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(data, choice, message):
    with pytest.raises(ParameterError) as error:
        view(data, MEASURE, **choice)
    assert str(error.value) == message


def test_an_unknown_measure_names_the_nearest(data):
    with pytest.raises(WfanalyticsError, match="Did you mean 'vacancy_rate_fte'"):
        view(data, "vacancy_rate_ft")


def test_a_copied_chart_says_whose_figures_they_are_and_that_invented_ones_are(data):
    assert view(data, MEASURE).source == "Shire, local figures to December 2020."
    invented = view(replace(data, is_fictional=True), MEASURE)
    assert invented.notes[-1] == "Shire is fictional: these figures are invented."
    published = view(replace(data, source="published"), MEASURE)
    assert published.source == (
        "DfE, Children's social work workforce, published figures to December 2020."
    )


def test_published_figures_have_no_teams(data):
    shown = view(replace(data, source="published"), MEASURE, level="team")
    assert shown.sentences == ("DfE publishes no figures about parts of an authority.",)


# --- the explorer --------------------------------------------------------------------------------
@pytest.fixture
def explorer(data, tmp_path):
    return wf.explore(data, output_dir=str(tmp_path / "kept"))


def test_each_choice_is_an_argument_of_the_view(explorer):
    explorer.choices["level"].value = "team"
    explorer.choices["place"].value = "North"
    explorer.choices["beside"].value = "Shire"
    explorer.choices["start"].value = "2020-03"
    explorer.choices["target"].value = "try"
    explorer.choices["value"].value = 7.0
    assert explorer.arguments == {
        "level": "team", "place": "North", "start": "2020-03", "beside": "Shire", "target": 7.0,
    }  # fmt: skip
    assert explorer.exhibit.headline.endswith("meeting our target of 7%")
    assert "meeting our target of 7%" in explorer.shown.value


def test_what_bars_do_not_use_is_off_and_left_out(explorer):
    explorer.choices["start"].value = "2020-03"
    explorer.choices["level"].value = "team"
    assert explorer.choices["start"].disabled
    assert explorer.arguments == {"level": "team"}
    explorer.choices["place"].value = "North"
    assert explorer.arguments == {"level": "team", "place": "North", "start": "2020-03"}


def test_limits_are_refused_without_a_reason_and_nothing_changes(explorer):
    before = explorer.shown.value
    explorer.choices["phase"].value = "2020-01"
    explorer.try_limits()
    assert "need their reason" in explorer.said.value
    assert (explorer.phases, explorer.shown.value) == ({}, before)
    explorer.choices["reason"].value = "Pay rose"
    explorer.try_limits()
    assert explorer.arguments == {"phases": {"2020-01": "Pay rose"}}
    assert "Pay rose" in explorer.shown.value
    explorer.drop_limits()
    assert explorer.shown.value == before


def test_the_picture_has_its_alt_text_and_nothing_is_fetched(explorer):
    shown = explorer.shown.value
    assert re.search(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="Line chart', shown)
    assert "http" not in re.sub(r"base64,[^\"]+", "", shown)


def test_a_copied_chart_is_the_paste_kit(explorer, tmp_path):
    explorer.copy_chart()
    kept = {path.suffix for path in (tmp_path / "kept").iterdir()}
    assert kept == {".png", ".svg", ".txt", ".csv", ".json"}
    assert "Saved in" in explorer.said.value


def test_a_kept_cell_shows_what_the_screen_shows(explorer, data):
    explorer.choices["level"].value = "team"
    explorer.choices["place"].value = "South"
    explorer.choices["target"].value = "none"
    explorer.keep_cell()
    shown = []
    face = SimpleNamespace(view=view, show=lambda exhibit, output_dir: shown.append(exhibit))
    namespace = {"wf": face, "data": data, "output_dir": ""}
    exec(explorer.cell.value, namespace)
    assert shown[0].sentences == explorer.exhibit.sentences
    assert explorer.cell.layout.display == ""


def test_a_kept_notebook_is_in_the_order_of_the_house(explorer, tmp_path, monkeypatch):
    from tests.house import test_notebooks as rules

    explorer.choices["level"].value = "team"
    explorer.keep_notebook()
    [path] = (tmp_path / "kept").glob("*.ipynb")
    notebook = json.loads(path.read_text("utf-8"))
    for check in (
        rules.test_order_of_cells,
        rules.test_one_title,
        rules.test_cells_are_short_and_compute_nothing,
        rules.test_parameters_are_known_literals_with_comments,
        rules.test_parameters_are_checked_before_anything_else,
        rules.test_no_path_outside_parameters,
        rules.test_no_outputs_are_stored,
        rules.test_kernel_is_the_plain_python_one,
    ):
        check(notebook)
    assert 'area = "shire"' in "".join(notebook["cells"][1]["source"])


# --- what an open area says of itself ------------------------------------------------------------
def test_an_area_opens_at_its_newest_month_shows_what_it_holds_and_can_be_changed(small_project):
    opened = wf.open_area("exampleshire")
    assert opened.month == pd.Timestamp("2020-09-30")
    shown = opened._repr_html_()
    assert shown.startswith(
        "<p>Exampleshire: local figures to September 2020. The latest month is provisional.</p>"
    )
    cell = r"<t[hd][^>]*>([\w ,]*)</t[hd]>\s*"
    rows = re.findall(r"<tr>\s*" + 3 * cell, shown)
    assert ("posts", "1,368", "July 2020") in rows
    assert {name for name, _, _ in rows} >= {"posts", "workers", "movements", "measures"}
    explorer = wf.explore(opened)
    assert [name for name, _ in explorer.choices["area"].options] == ["exampleshire"]
    explorer._open("nowhere")
    assert "Unknown area &#x27;nowhere&#x27;" in explorer.said.value
    explorer.data = None
    explorer._open("exampleshire")
    assert explorer.data.month == opened.month
    assert explorer.exhibit.headline in explorer.shown.value


def test_published_figures_open_at_their_newest_year():
    opened = wf.open_area("West Sussex", source="published")
    assert opened.month == opened.measures["period_end"].max()


def test_a_frame_reads_as_words(data):
    rows = wf.select(data, MEASURE, level="team")
    table = wf.table_measures(rows[rows["period_end"] == data.month])
    assert table.to_numpy().tolist() == [
        ["Uncovered vacancy rate", "North", "December 2020", "7.0%", "7.0 of 100.0 FTE",
         "as reported"],
        ["Uncovered vacancy rate", "Small", "December 2020", "withheld", "",
         "withheld to protect people"],
        ["Uncovered vacancy rate", "South", "December 2020", "11.0%", "11.0 of 100.0 FTE",
         "as reported"],
    ]  # fmt: skip


# --- the explorer's seldom choices ---------------------------------------------------------------
def test_teams_without_a_figure_that_may_be_shown_say_so(data):
    rows = data.measures
    is_team = rows["area_level"] == "team"
    hidden = rows.assign(value=rows["value"].mask(is_team),
                         status=rows["status"].mask(is_team, "suppressed"))  # fmt: skip
    shown = view(replace(data, measures=hidden), MEASURE, level="team")
    assert shown.sentences == ("No team has a figure that may be shown.",)
    assert shown.status == "unavailable"
    page = render_view(shown)
    assert "<img" not in page
    assert "<table" not in page


def test_limits_need_their_month(explorer):
    explorer.choices["reason"].value = "Pay rose"
    explorer.try_limits()
    assert "Choose the month in which new limits start." in explorer.said.value
    assert explorer.phases == {}


def test_a_kept_cell_has_the_limits_that_were_tried(explorer, data):
    explorer.choices["phase"].value = "2020-01"
    explorer.choices["reason"].value = 'Pay "rose"'
    explorer.try_limits()
    explorer.keep_cell()
    assert '        phases={"2020-01": "Pay \\"rose\\""},\n' in explorer.cell.value


def test_the_explorer_shows_itself(explorer):
    shown = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_another_authority_is_opened_from_the_published_figures_too():
    explorer = wf.explore(wf.open_area("West Sussex", source="published"))
    names = [name for name, _ in explorer.choices["area"].options]
    assert names == ["West Sussex"], "without the whole file there is no list of the others"
    levels, areas = ["authority", "region"], ["Worcestershire", "South East"]
    others = pd.DataFrame({"area_level": levels, "area_name": areas})
    explorer.data = replace(explorer.data, national=others)
    explorer._fill_area()
    names = [name for name, _ in explorer.choices["area"].options]
    assert names == ["West Sussex", "Worcestershire"]
    explorer.choices["area"].value = "Worcestershire"
    assert (explorer.data.name, explorer.data.source) == ("Worcestershire", "published")
