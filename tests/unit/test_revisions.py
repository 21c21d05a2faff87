"""What moved since an earlier report, and why: each reason, as exact text."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from tests.unit.test_control import NAN, make_series

import wfanalytics as wf
from wfanalytics.analysis.revisions import calculate_revisions, find_tables
from wfanalytics.errors import InputError
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.raw.earlier import REPORTED_COLUMNS, read_earlier_report
from wfanalytics.report.reported import list_reported

JULY = pd.Timestamp("2019-07-31")
FILES = pd.DataFrame(
    {
        "table": ["posts", "workers", "posts"],
        "file": ["posts/July.xlsx", "workers/July.xlsx", "posts/August.xlsx"],
        "sha256": ["a", "b", "c"],
        "earliest": pd.to_datetime(["2019-07-31", "2019-07-31", "2019-08-31"]),
    }
)
INPUTS = FILES.drop(columns="earliest").head(2)


def rows(
    value=0.07, status="ok", version="1", source="local", measure="uncovered_vacancy_rate_fte"
):
    frame = make_series([value], measure=measure, start=JULY)
    return frame.assign(status=status, definition_version=version, source=source)


def compare(old, new, *, inputs=INPUTS, files=FILES):
    return calculate_revisions(old[list(REPORTED_COLUMNS)], new, inputs=inputs, files=files)


def reason(old, new, **given):
    (row,) = compare(old, new, **given)[["reason", "file"]].itertuples(index=False, name=None)
    return row


def test_a_figure_printed_the_same_has_not_moved():
    assert compare(rows(0.0704), rows(0.0696)).empty
    assert compare(rows(0.0704), rows(0.0696)).attrs["compared"] == 1
    assert compare(rows(status="provisional"), rows()).empty
    assert compare(rows(NAN, "missing"), rows(NAN, "suppressed")).empty


def test_a_period_the_earlier_report_had_not_is_not_compared():
    later = make_series([0.07, 0.2], measure="uncovered_vacancy_rate_fte", start=JULY)
    assert compare(rows(), later).attrs["compared"] == 1


def test_old_new_and_their_difference_as_printed():
    (row,) = compare(rows(0.0704), rows(0.0734)).to_dict("records")
    assert (row["old"], row["new"], round(row["difference"], 9)) == (0.07, 0.073, 0.003)


def test_why_it_moved():
    corrected = FILES.assign(sha256=["a2", "b", "c"])
    late = pd.concat([FILES, FILES.tail(1).assign(file="posts/More July.xlsx", earliest=JULY)])
    assert reason(rows(), rows(0.08, version="2"), files=corrected) == ("definition", "")
    assert reason(rows(source="2023 file"), rows(0.08, source="2025 file")) == (
        "published file", "2025 file",
    )  # fmt: skip
    assert reason(rows(), rows(0.08), files=corrected) == ("corrected", "posts/July.xlsx")
    assert reason(rows(), rows(0.08), files=late) == ("late", "posts/More July.xlsx")
    assert reason(rows(status="provisional"), rows(0.08)) == ("provisional", "")
    assert reason(rows(), rows(0.08)) == ("unknown", "")
    # Another table's correction explains nothing; nor do files if the old ones are not known.
    moved = rows(measure="caseload_fte", value=15.0), rows(measure="caseload_fte", value=16.0)
    assert reason(*moved, files=corrected) == ("unknown", "")
    assert reason(rows(), rows(0.08), files=late, inputs=INPUTS.head(0)) == ("unknown", "")


def test_a_figure_withheld_since_has_moved():
    (row,) = compare(rows(), rows(NAN, "suppressed")).to_dict("records")
    assert row["old"] == 0.07
    assert pd.isna(row["new"])


def test_every_measure_has_its_tables():
    tables = {name: find_tables(name)[0] for name in DEFINITIONS}
    assert tables["turnover_rate_fte"] == tables["conversions_headcount"] == "movements"
    assert tables["cases"] == tables["unallocated_cases"] == "caseload"
    assert tables["vacancy_fte"] == tables["establishment_fte"] == "posts"
    assert tables["absence_rate_fte"] == tables["agency_rate_fte"] == "workers"


# --- packs ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def july():
    return wf.open_area("exampleshire", month="2019-07")


@pytest.fixture(scope="module")
def august():
    return wf.open_area("exampleshire", month="2019-08")


@pytest.fixture
def reports(tmp_path, july):
    """A folder with the July report's figures and inputs."""
    folder = tmp_path / "exampleshire" / "2019-07"
    folder.mkdir(parents=True)
    (folder / "measures.csv").write_text(list_reported(july))
    inputs = july.files.astype({"earliest": str, "latest": str}).to_dict("records")
    (folder / "manifest.json").write_text(json.dumps({"inputs": inputs}))
    return tmp_path


def change_figure(folder, measure, value, period="2019-07-31"):
    path = folder / "exampleshire" / "2019-07" / "measures.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    chosen = (table["measure"] == measure) & (table["period_end"] == period)
    chosen &= table["area_level"] == "authority"
    assert chosen.any()
    table.loc[chosen, "value"] = value
    table.to_csv(path, index=False)


def test_what_was_written_is_read_back_masked(reports, july):
    earlier = read_earlier_report(reports, slug="exampleshire", before=pd.Timestamp("2019-08-31"))
    assert earlier.month == JULY
    kept = earlier.measures
    assert kept.loc[kept["status"] == "suppressed", "value"].isna().all()
    places = kept[kept["area_level"] != "authority"]
    assert set(places.loc[places["period_type"] == "snapshot", "period_end"]) == {JULY}
    assert len(kept) == len(kept.drop_duplicates(["measure", "period_end", "period_type",
                                                  "area_level", "area_code"]))  # fmt: skip


def test_nothing_moved(reports, august):
    exhibit = wf.exhibits.revisions(august, reports_dir=str(reports))
    assert exhibit.headline == "No published figure moved"
    (sentence,) = exhibit.sentences
    assert sentence.endswith(
        "figures of the report for July 2019 were compared: each is printed the same today."
    )


def test_a_figure_that_moved_is_named_with_its_reason(reports, august):
    change_figure(reports, "uncovered_vacancy_rate_fte", "0.066")
    files = august.files.copy()
    is_july = files["file"] == "posts/Establishment 2019-07.xlsx"
    files.loc[is_july, "sha256"] = "0"
    exhibit = wf.exhibits.revisions(replace(august, files=files), reports_dir=str(reports))
    assert exhibit.headline == "1 published figure has moved since the report for July 2019"
    assert exhibit.sentences[0] == (
        "The uncovered vacancy rate for July 2019 was reported as 6.6%; it is now 7.0%, because "
        "the establishment list was corrected."
    )
    assert exhibit.sentences[1].endswith("compared with the report for July 2019, 1 moved.")
    assert exhibit.table.iloc[0].tolist() == [
        "Uncovered vacancy rate", "Exampleshire", "July 2019", "6.6%", "7.0%",
        "the establishment list was corrected (posts/Establishment 2019-07.xlsx)",
    ]  # fmt: skip


def test_the_newest_and_the_scorecards_come_first(reports, august):
    change_figure(reports, "uncovered_vacancy_rate_fte", "0.066", period="2019-06-30")
    change_figure(reports, "inpost_fte", "1")
    change_figure(reports, "agency_rate_fte", "0.5")
    exhibit = wf.exhibits.revisions(august, reports_dir=str(reports))
    assert [text.split(" for ")[0] for text in exhibit.sentences[:3]] == [
        "The agency rate", "Permanent staff in post", "The uncovered vacancy rate",
    ]  # fmt: skip
    assert exhibit.sentences[1].startswith("Permanent staff in post for July 2019")


def test_the_first_report_says_so(tmp_path, reports, july):
    exhibit = wf.exhibits.revisions(july, reports_dir=str(reports))
    assert exhibit.headline == "This is the first report"
    assert exhibit.status == "ok"
    # Nothing was compared: there is no earlier report to name as a source, and no method.
    assert (exhibit.source, exhibit.notes) == ("", ())


def test_nothing_is_compared_without_a_folder(july):
    for folder in ("", "not/here"):
        exhibit = wf.exhibits.revisions(july, reports_dir=folder)
        assert exhibit.status == "unavailable"
        assert exhibit.sentences[0].startswith("No folder of earlier reports was given")


def test_the_newest_earlier_report_counts_and_hidden_folders_do_not(reports):
    source = reports / "exampleshire" / "2019-07" / "measures.csv"
    for name in ("2019-05", ".2019-08.building-7", "notes"):
        (reports / "exampleshire" / name).mkdir()
        (reports / "exampleshire" / name / "measures.csv").write_bytes(source.read_bytes())
    found = read_earlier_report(reports, slug="exampleshire", before=pd.Timestamp("2020-01-31"))
    assert found.month == JULY
    assert read_earlier_report(reports, slug="other", before=JULY) is None
    found = read_earlier_report(reports, slug="exampleshire", before=JULY)
    assert found.month == pd.Timestamp("2019-05-31")


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00"])
def test_a_damaged_report_is_named_and_stops_nothing(reports, august, text):
    path = reports / "exampleshire" / "2019-07" / "measures.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=r"not the figures of a report"):
        read_earlier_report(reports, slug="exampleshire", before=august.month)
    exhibit = wf.exhibits.revisions(august, reports_dir=str(reports))
    assert exhibit.status == "unavailable"
    assert exhibit.sentences == (
        "Nothing was compared: exampleshire/2019-07/measures.csv: not the figures of a report. "
        "Run that month's report again.",
    )
