"""Opening an area: which month, what is provisional, what is kept and when it is made anew."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from tests.unit.extracts import DEFAULTS, write_area

import wfanalytics as wf
from wfanalytics.clean import kept
from wfanalytics.clean.identity import KEY_FILE_VARIABLE, KEY_VARIABLE
from wfanalytics.errors import InputError, ParameterError, WfanalyticsError
from wfanalytics.measures.area import find_band, open_area
from wfanalytics.measures.area_data import select
from wfanalytics.raw.earlier import REPORTED_COLUMNS, REPORTS_VARIABLE
from wfanalytics.settings import CASELOAD_BAND, Target
from wfanalytics.settings import TABLES as ALL_TABLES

#: What the small area holds: its profile does not ask for child data.
TABLES = [name for name in ALL_TABLES if name != "allocations"]


@pytest.fixture
def area(tmp_path):
    """A small area with extracts for June and July 2019."""
    folder = write_area(tmp_path)
    for table in ("posts", "workers"):
        shutil.copy(folder / table / "2019-07.csv", folder / table / "2019-06.csv")
    return folder


@pytest.fixture
def opened(area, tmp_path):
    def open_it(month: str = "2019-07", **more):
        return open_area("shire", month=month, data_dir=str(tmp_path), **more)

    return open_it


@pytest.fixture
def cleanings(monkeypatch):
    """The tables that were cleaned and not taken from what is kept."""
    found = []
    real = kept.clean_table
    monkeypatch.setattr(kept, "clean_table", lambda name, *a, **k: found.append(name) or real(
        name, *a, **k))  # fmt: skip
    monkeypatch.setattr(kept, "hash_code", lambda: "this version")
    return found


# --- the month -----------------------------------------------------------------------------------
def test_a_month_that_is_not_there(opened):
    with pytest.raises(InputError) as error:
        opened("2019-08")
    assert str(error.value) == (
        "shire/posts: no posts extract is about August 2019. Found 'June 2019 to July 2019'. "
        "Put the month's extract in the folder, or ask for another month."
    )


def test_a_month_with_posts_but_no_workers(opened, area):
    (area / "workers" / "2019-06.csv").unlink()
    with pytest.raises(InputError, match="no workers extract is about June 2019"):
        opened("2019-06")


@pytest.mark.parametrize("month", ["2019-7", "July 2019", "2019-13", ""])
def test_a_month_that_is_none(opened, month):
    with pytest.raises(ParameterError, match="is not a month"):
        opened(month)


def write_printed(reports, code, *, value="9", status="ok", month="2019-06"):
    """Add a figure of a team to the report of a month."""
    path = reports / "shire" / month / "measures.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    row = f"agency_headcount,2019-06-30,snapshot,team,{code},{code},{value},{status},1,local\n"
    before = path.read_text("utf-8") if path.exists() else ",".join(REPORTED_COLUMNS) + "\n"
    path.write_text(before + row, encoding="utf-8")


def test_reports_put_elsewhere_are_known_beside_the_projects_own(opened, tmp_path, monkeypatch):
    june = pd.Timestamp("2019-06-30")
    own, elsewhere = tmp_path.parent / "reports", tmp_path / "elsewhere"
    write_printed(elsewhere, "away")
    assert len(opened().printed) == 0
    found = opened(reports_dir=str(elsewhere)).printed
    assert found.to_list() == [("agency_headcount", "team", "away", june)]
    write_printed(own, "home")
    both = set(opened(reports_dir=str(elsewhere)).printed.get_level_values("area_code"))
    shutil.rmtree(own)
    assert both == {"away", "home"}
    # The run's own notebooks are told by the environment.
    monkeypatch.setenv(REPORTS_VARIABLE, str(elsewhere))
    assert len(opened().printed) == 1


def test_what_reports_withheld_is_known_and_what_they_had_not_is_not(opened, tmp_path):
    reports = tmp_path / "elsewhere"
    write_printed(reports, "a", value="", status="suppressed")
    write_printed(reports, "b", value="", status="suppressed")
    write_printed(reports, "b", month="2019-07")
    write_printed(reports, "late", value="", status="missing")
    found = opened(reports_dir=str(reports))
    assert found.left_out.get_level_values("area_code").to_list() == ["a"]
    assert found.printed.get_level_values("area_code").to_list() == ["b"]


def test_later_months_are_left_out(opened):
    assert opened("2019-06").measures["period_end"].max() == pd.Timestamp("2019-06-30")


def test_the_last_month_delivered_is_provisional_and_an_earlier_one_is_not(opened):
    july, june = (select(opened(month), "vacancy_rate_fte") for month in ("2019-07", "2019-06"))
    assert july["status"].tolist()[-1] == "provisional"
    assert "provisional" not in set(july["status"][:-1])
    assert "provisional" not in set(june["status"])


# --- targets -------------------------------------------------------------------------------------
HEADS = "measure,value,low,high,valid_from,label,source,status\n"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("vacency_rate_fte,7%,,,2019-07-01,x,y,our target",
         "shire/targets.csv, row 2, column measure: Unknown measure 'vacency_rate_fte'. "
         "Did you mean 'vacancy_rate_fte'?"),
        ("vacancy_rate_fte,7,,,2019-07-01,x,y,our target",
         "shire/targets.csv, row 2, column value: a rate's target has no percentage sign. "
         "Found '7'; allowed 7%. Write the % sign."),
    ],
)  # fmt: skip
def test_a_target_of_no_measure_or_without_its_sign(opened, area, row, message):
    (area / "targets.csv").write_text(HEADS + row + "\n")
    with pytest.raises(InputError) as error:
        opened()
    assert str(error.value).startswith(message)


def test_the_band_is_the_authoritys_newest():
    def band(low: float, start: str, **more: object) -> Target:
        words = {"label": "x", "source": "y", "status": "our target", **more}
        return Target(measure="caseload_fte", low=low, high=20, valid_from=start, **words)

    july = pd.Timestamp("2019-07-31")
    assert find_band((), july) == CASELOAD_BAND
    targets = (band(12, "2018-01-01"), band(13, "2019-01-01"), band(14, "2019-08-01"),
               band(15, "2019-02-01", status="result elsewhere"),
               band(16, "2019-02-01", scope_level="team", scope_name="A"))  # fmt: skip
    assert find_band(targets, july) == (13, 20)


# --- what is kept --------------------------------------------------------------------------------
def test_unchanged_extracts_are_cleaned_once(opened, cleanings):
    first, second = opened(), opened()
    assert cleanings == list(TABLES)
    pd.testing.assert_frame_equal(first.measures, second.measures)
    pd.testing.assert_frame_equal(first.repairs, second.repairs)
    for table, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, second.tables[table])


@pytest.mark.parametrize(
    ("name", "more", "again"),
    [
        ("posts/2019-07.csv", "\n", ["posts"]),  # the same posts: nothing rests on the change
        ("posts/2019-07.csv", "P8,Social Worker,Alpha,1,Funded\n", ["posts", "workers"]),
        ("caseload/2019-07.csv", "\n", ["caseload"]),
        ("profile.yml", "full_time_hours: 36\n", list(TABLES)),
        ("profile.yml", "# a remark\n", []),
        ("teams.csv", "\n", list(TABLES)),
    ],
)
def test_only_what_rests_on_a_changed_file_is_cleaned_again(
    opened, area, cleanings, name, more, again
):
    opened()
    path = area / name
    path.write_text(path.read_text() + more)
    opened()
    assert cleanings[len(TABLES) :] == again


def test_an_added_or_removed_file_is_cleaned_again(opened, area, cleanings):
    opened()
    text = (area / "caseload" / "2019-07.csv").read_text().replace("07/07/2019", "04/08/2019")
    (area / "caseload" / "2019-08.csv").write_text(text)
    opened()
    (area / "caseload" / "2019-08.csv").unlink()
    opened()
    assert cleanings[len(TABLES) :] == ["caseload", "caseload"]


def test_targets_and_events_do_not_touch_what_is_kept(opened, area, cleanings):
    opened()
    (area / "events.csv").write_text("date,label,kind\n2019-05-08,Inspection,inspection\n")
    assert [event.label for event in opened().events] == ["Inspection"]
    assert cleanings == list(TABLES)


def test_changed_code_is_cleaned_again(opened, cleanings, monkeypatch):
    opened()
    monkeypatch.setattr(kept, "hash_code", lambda: "another version")
    opened()
    assert cleanings == [*TABLES, *TABLES]


def test_rules_words_aliases_and_contracts_are_the_code(monkeypatch):
    hashed = []
    monkeypatch.setattr(kept, "hash_file", lambda path: hashed.append(path.name) or "0")
    kept.hash_code()
    assert {"rules.py", "words.py", "columns.py", "headings.csv", "frames.py"} <= set(hashed)


@pytest.mark.parametrize("name", ["posts.parquet", "repairs.parquet", "state.json"])
@pytest.mark.parametrize("content", [b"", b"PAR1 damaged", None])
def test_a_damaged_or_missing_copy_is_made_anew(opened, tmp_path, cleanings, name, content):
    expected = opened().measures
    path = tmp_path / "processed" / "shire" / name
    path.unlink() if content is None else path.write_bytes(content)
    pd.testing.assert_frame_equal(opened().measures, expected)
    opened()
    assert cleanings[len(TABLES) :] == (["posts"] if name.startswith("posts") else list(TABLES))


def test_a_state_of_another_shape_is_made_anew(opened, tmp_path, cleanings):
    opened()
    (tmp_path / "processed" / "shire" / "state.json").write_text(json.dumps(["x"]))
    opened()
    assert cleanings == [*TABLES, *TABLES]


def test_a_folder_that_cannot_be_written_costs_only_time(opened, tmp_path, cleanings):
    (tmp_path / "processed").write_text("a file where the folder should be")
    assert len(opened().tables["posts"]) == 2
    opened()
    assert cleanings == [*TABLES, *TABLES]


def test_nothing_kept_holds_a_registration_number_or_a_name(opened, tmp_path):
    opened()
    files = sorted(path for path in (tmp_path / "processed").rglob("*") if path.is_file())
    frames = [*TABLES, "repairs", "files", "faults", "doubtful"]
    kept_files = {path.name for path in files if path.parent.name != "readings"}
    assert kept_files == {"state.json", *(f"{name}.parquet" for name in frames)}
    assert len(files) == len(kept_files) + len(TABLES) + 2  # a reading of each extract
    for path in files:
        content = path.read_bytes()
        for text in (DEFAULTS["movements"]["SWE number"], "Abbey", "03/04/1980"):
            assert text.encode() not in content


# --- the key -------------------------------------------------------------------------------------
@pytest.fixture
def real(area, monkeypatch):
    """The small area, no longer fictional."""
    profile = area / "profile.yml"
    profile.write_text(profile.read_text().replace("fictional: true", "fictional: false"))
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    monkeypatch.delenv(KEY_FILE_VARIABLE, raising=False)
    return monkeypatch


def test_a_real_area_without_a_key_is_refused(opened, real, tmp_path):
    with pytest.raises(WfanalyticsError, match=r"^The key that turns .* is missing"):
        opened()
    assert not (tmp_path / "processed").exists()


def test_a_real_area_with_a_key_is_pseudonymised_with_it(opened, real, cleanings, tmp_path):
    real.setenv(KEY_VARIABLE, "canary key of the first kind")
    first = opened().tables["workers"]["worker_id"][0]
    real.setenv(KEY_VARIABLE, "canary key of another kind")
    assert opened().tables["workers"]["worker_id"][0] != first
    assert cleanings == [*TABLES, *TABLES]
    for path in (p for p in (tmp_path / "processed").rglob("*") if p.is_file()):
        assert b"canary" not in path.read_bytes()


# --- published figures ---------------------------------------------------------------------------
@pytest.fixture
def published(project_root, tmp_path):
    folder = project_root / "data" / "raw" / "published"
    shutil.copytree(folder, tmp_path / "raw" / "published",
                    ignore=shutil.ignore_patterns("fetched"))  # fmt: skip

    def open_it(area: str, month: str = "2020-09", **more):
        return open_area(area, month=month, source="published", data_dir=str(tmp_path), **more)

    return open_it


def test_published_figures_of_an_authority(published):
    data = published("west sussex")
    assert (data.name, data.slug, data.source) == ("West Sussex", "west-sussex", "published")
    rate = select(data, "vacancy_rate_fte").set_index("period_end")["value"]
    assert rate["2019-09-30"] == pytest.approx(0.102)
    assert rate.index.max() == pd.Timestamp("2020-09-30")
    assert (data.tables, data.repairs.empty, data.files.empty) == ({}, True, True)
    assert set(data.stated["authority"]) == {"West Sussex"}


def test_an_area_with_no_published_figures(published):
    with pytest.raises(ParameterError) as error:
        published("West Susex")
    assert str(error.value).startswith(
        "dfe_headline_figures.csv has no figures for this area up to September 2020. "
        "Unknown area 'West Susex'. "
        "Did you mean 'West Sussex'?"
    )


def test_a_month_before_the_first_published_year(published):
    with pytest.raises(ParameterError) as error:
        published("England", month="2015-01")
    assert str(error.value) == (
        "dfe_headline_figures.csv starts after January 2015: its first year ends in September 2017."
    )


def test_a_source_misspelt(opened):
    with pytest.raises(ParameterError) as error:
        opened(source="publishd")
    assert str(error.value) == (
        "Unknown source 'publishd'. Did you mean 'published'? Known: local, published."
    )


def test_a_published_file_that_is_not_there(published):
    with pytest.raises(WfanalyticsError, match=r"missing\.csv"):
        published("England", published_file="missing.csv")


def test_a_project_without_stated_figures_has_its_charts(small_project):
    """As after installing the wheel: nothing of data/raw/published is there."""
    (small_project / "data/raw/published/stated_figures.csv").unlink()
    data = open_area("exampleshire", month="2020-09")
    assert data.stated.empty
    assert wf.exhibits.vacancy_trend(data).status == "ok"
