"""An area's folder: every fault in its files is one message that names the file and the row."""

from __future__ import annotations

import pytest

from wfanalytics.errors import InputError, ParameterError, WfanalyticsError
from wfanalytics.raw.area import find_data_dir, read_area

PROFILE = """\
area: shire
name: Shire
authority_code: E1
sources:
  posts: {folder: posts}
"""
TARGETS = "measure,scope_level,scope_name,value,low,high,valid_from,valid_to,label,source,status\n"
EVENTS = "date,label,kind,rebase,reason\n"
TEAMS = "as_written,team,service,locality,valid_from,valid_to\n"


@pytest.fixture
def data(tmp_path):
    """A data folder with one small area; write over a file of it with ``data.write``."""

    class Data:
        folder = tmp_path

        def write(self, name: str, text: str, encoding: str = "utf-8") -> None:
            path = tmp_path / "raw" / "shire" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode(encoding))

        def read(self, slug: str = "shire"):
            return read_area(slug, data_dir=tmp_path)

        def refusal(self, slug: str = "shire") -> str:
            with pytest.raises(WfanalyticsError) as error:
                self.read(slug)
            return str(error.value)

    made = Data()
    for name, text in (("profile.yml", PROFILE), ("targets.csv", TARGETS),
                       ("events.csv", EVENTS), ("teams.csv", TEAMS)):  # fmt: skip
        made.write(name, text)
    return made


def target(**cells: str) -> str:
    row = {"measure": "vacancy_rate_fte", "scope_level": "authority", "scope_name": "",
           "value": "7%", "low": "", "high": "", "valid_from": "2019-07-01", "valid_to": "",
           "label": "ours", "source": "Committee", "status": "our target", **cells}  # fmt: skip
    return TARGETS + ",".join(row.values()) + "\n"


def test_a_folder_with_headings_only(data):
    area = data.read()
    assert (area.profile.name, area.targets, area.events, area.teams) == ("Shire", (), (), ())


def test_a_full_folder(data):
    data.write("targets.csv", "\ufeff" + target(label='"a, quoted"') + ",,,,,,,,,,\n")
    data.write("events.csv", EVENTS + "2019-05-08,Inspection – short,inspection,no,\n", "cp1252")
    data.write("teams.csv", TEAMS + "Alpha,Alpha,Front Door,North,2000-01-01,\n")
    area = data.read()
    assert (area.targets[0].value, area.targets[0].label) == (pytest.approx(0.07), "a, quoted")
    assert (area.events[0].label, area.events[0].rebase) == ("Inspection – short", False)
    assert area.teams[0].service == "Front Door"


def test_an_unknown_area_names_the_nearest(data):
    assert data.refusal("shrie") == "Unknown area 'shrie'. Did you mean 'shire'? Known: shire."
    with pytest.raises(ParameterError):
        data.read("shrie")


@pytest.mark.parametrize("slug", ["../shire", "/etc", "shire/../shire", "Shire", "", "."])
def test_nothing_outside_the_data_folder_is_read(data, slug):
    assert data.refusal(slug).startswith(f"Unknown area {slug!r}.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("area: shire\nname: 'Shire\n", "shire/profile.yml, row 3: not readable as YAML. "
         "Compare it with exampleshire/profile.yml."),
        ("- shire\n", "shire/profile.yml: holds no settings. Allowed name: value lines."),
        ("", "shire/profile.yml: holds no settings. Allowed name: value lines."),
        (PROFILE.replace("shire", "kent", 1), "shire/profile.yml, column area: the area's name is "
         "not its folder's. Found 'kent'; allowed shire. Make the two the same."),
        (PROFILE + "nmae: x\n", "shire/profile.yml: Unknown setting 'nmae'. Did you mean 'name'? "),
        (PROFILE.replace("authority_code: E1\n", ""),
         "shire/profile.yml, column authority_code: field required. Correct it."),
        (PROFILE.replace("folder: posts", "folder: ../../x"),
         "shire/profile.yml, column sources.posts.folder: must stay inside the area's folder. "
         "Found '../../x'. Correct it."),
        (PROFILE + "full_time_hours: 0\n", "shire/profile.yml, column full_time_hours: input "
         "should be greater than 0. Found 0. Correct it."),
    ],
)  # fmt: skip
def test_a_faulty_profile(data, text, message):
    data.write("profile.yml", text)
    assert data.refusal().startswith(message)


def test_only_settings_that_may_be_written_are_named(data):
    data.write("profile.yml", PROFILE + "nmae: x\n")
    assert "organisation, owners, region, sections, sources, words." in data.refusal()


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"low": "13", "high": "16"}, ": give either value, or both low and high. Correct it."),
        ({"value": ""}, ": give either value, or both low and high. Correct it."),
        ({"value": "", "low": "13"}, ": give either value, or both low and high. Correct it."),
        ({"value": "", "low": "16", "high": "13"}, ": low must be below high. Correct it."),
        ({"value": "nan"}, ": must be a finite number. Correct it."),
        ({"value": "seven"}, ", column value: input should be a valid number"),
        ({"status": "hope"}, ", column status: input should be 'our target', 'result elsewhere' or "
         "'local policy'. Found 'hope'. Correct it."),
        ({"valid_from": "07/31/2019"}, ", column valid_from: not a date. Found '07/31/2019'; "
         "allowed such as 2026-04-01 or 01/04/2026. Correct it."),
        ({"valid_to": "2019-01-01"}, ": valid_to is before valid_from. Correct it."),
        ({"label": ""}, ", column label: field required. Correct it."),
        ({"status": "our target,extra"}, ": more cells than headings. "
         "Put quotation marks round a text with commas."),
    ],
)  # fmt: skip
def test_a_faulty_target(data, cells, message):
    data.write("targets.csv", target(**cells))
    assert data.refusal().startswith(f"shire/targets.csv, row 2{message}")


def test_dates_as_excel_writes_them_back_are_read_day_first(data):
    """Opened and saved in Excel, 2019-07-01 is 01/07/2019 in every row."""
    data.write("targets.csv", target(valid_from="01/07/2019", valid_to="2/12/2019"))
    data.write("events.csv", EVENTS + "08/05/2019,x,policy,no,\n")
    data.write("teams.csv", TEAMS + "Alpha,Alpha,S,L,01/02/2000,\n")
    area = data.read()
    assert (str(area.targets[0].valid_from), str(area.targets[0].valid_to)) == (
        "2019-07-01", "2019-12-02")  # fmt: skip
    assert str(area.events[0].date) == "2019-05-08"
    assert str(area.teams[0].valid_from) == "2000-02-01"


def test_blank_rows_do_not_move_the_count(data):
    data.write("targets.csv", TARGETS + "\n" + target(status="hope").removeprefix(TARGETS))
    assert data.refusal().startswith("shire/targets.csv, row 3, column status:")


@pytest.mark.parametrize(
    ("row", "message"),
    [("2019-05-08,x,storm,no,", ", column kind: input should be 'inspection'"),
     ("2019-05-08,x,policy,yes,", ": a rebase needs its reason. Correct it."),
     ("8 May,x,policy,no,", ", column date: not a date. Found '8 May'; allowed")],
)  # fmt: skip
def test_a_faulty_event(data, row, message):
    data.write("events.csv", EVENTS + row + "\n")
    assert data.refusal().startswith(f"shire/events.csv, row 2{message}")


def test_a_team_name_that_is_two_teams_on_one_day(data):
    first = "Alpha,Alpha,S,L,2000-01-01,2019-03-31\n"
    data.write("teams.csv", TEAMS + first + "ALPHA ,Beta,S,L,2019-03-31,\n")
    assert data.refusal() == (
        "shire/teams.csv, row 3, column as_written: the name is in another row too, for some of "
        "the same days. Found 'ALPHA'. "
        "Set valid_from and valid_to so that a name is one team on one day."
    )
    data.write("teams.csv", TEAMS + first + "Alpha,Beta,S,L,2019-04-01,\n")
    assert len(data.read().teams) == 2


def test_a_team_that_ends_before_it_begins(data):
    data.write("teams.csv", TEAMS + "A,A,S,L,2019-01-01,2018-01-01\n")
    assert data.refusal() == (
        "shire/teams.csv, row 2, column valid_to: valid_to is before valid_from. Correct it."
    )


@pytest.mark.parametrize("name", ["targets.csv", "events.csv", "teams.csv"])
def test_a_missing_file_says_which_headings_to_give_it(data, name):
    (data.folder / "raw" / "shire" / name).unlink()
    message = data.refusal()
    assert message.startswith(f"shire/{name}: the file is not there. Make it with the headings ")
    assert message.endswith("; it may have no rows.")


def test_headings_of_a_file(data):
    data.write("events.csv", EVENTS.replace("label", "lable"))
    assert data.refusal().startswith(
        "shire/events.csv, row 1: Unknown heading 'lable'. Did you mean 'label'?"
    )
    data.write("events.csv", "date,kind\n")
    assert data.refusal() == (
        "shire/events.csv, row 1: a heading is missing. Allowed label. Add the column."
    )
    data.write("events.csv", "date,label,kind,kind\n")
    assert data.refusal().startswith("shire/events.csv, row 1: a heading stands twice.")


# --- where the data are --------------------------------------------------------------------------
@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.delenv("WFANALYTICS_DATA", raising=False)
    for name in ("given", "variable", "work/data"):
        (tmp_path / name / "raw").mkdir(parents=True)
    (tmp_path / "work" / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "work" / "notebooks")
    return tmp_path


def test_the_data_folder_given_comes_first(folders, monkeypatch):
    monkeypatch.setenv("WFANALYTICS_DATA", str(folders / "variable"))
    assert find_data_dir(folders / "given") == folders / "given"


def test_then_the_environments_then_one_above(folders, monkeypatch):
    assert find_data_dir() == folders / "work" / "data"
    monkeypatch.setenv("WFANALYTICS_DATA", str(folders / "variable"))
    assert find_data_dir() == folders / "variable"


def test_a_data_folder_without_raw_is_refused(folders):
    with pytest.raises(ParameterError) as error:
        find_data_dir(folders / "work")
    work = str(folders / "work")
    assert str(error.value) == f"The data folder {work!r} has no folder 'raw' in it."


def test_the_installed_project_comes_last(project_root, tmp_path, monkeypatch):
    monkeypatch.delenv("WFANALYTICS_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    assert find_data_dir() == project_root / "data"


def test_an_input_error_is_bad_input(data):
    (data.folder / "raw" / "shire" / "teams.csv").unlink()
    with pytest.raises(InputError) as error:
        data.read()
    assert error.value.exit_code == 2


# --- commentary.yml ------------------------------------------------------------------------------
ENTRY = "- measure: agency_rate_fte\n  month: 2019-07\n  explanation: Cover for <b>leave</b>\n"


def test_no_commentary_is_none(data):
    assert data.read().commentary == ()
    data.write("commentary.yml", "# nothing yet\n")
    assert data.read().commentary == ()


def test_a_managers_words_are_text_on_one_line(data):
    data.write("commentary.yml", ENTRY + "  action: |\n    Review\n    *posts*\n")
    (entry,) = data.read().commentary
    assert (entry.measure, entry.month) == ("agency_rate_fte", "2019-07")
    assert (entry.explanation, entry.action) == ("Cover for <b>leave</b>", "Review *posts*")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- [", "shire/commentary.yml, row 1: not readable as YAML. Compare it with "
                "exampleshire/commentary.yml."),
        ("a: b", "shire/commentary.yml: holds no list of entries. Allowed entries that begin "
                 "with '- measure:'."),
        (ENTRY + ENTRY, "shire/commentary.yml: entry 2 is about a measure and month that another "
                        "entry is about. Found 'agency_rate_fte, 2019-07'. Write one entry for "
                        "both."),
        (ENTRY + "  acton: x\n", "shire/commentary.yml: entry 1: Unknown setting 'acton'. Did "
                                 "you mean 'action'? Known: action, explanation, measure, month."),
        (ENTRY.replace("2019-07", "2019-7"), "entry 1: string should match"),
        ("- measure: x\n  month: 2019-07\n", "entry 1: give an explanation, an action or both"),
        (ENTRY + f"  action: {'x' * 801}\n", "entry 1: string should have at most 800"),
        ("- 5\n", "entry 1: input should be a valid dictionary"),
    ],
)  # fmt: skip
def test_a_fault_in_the_commentary_names_the_entry(data, text, message):
    data.write("commentary.yml", text)
    assert message in data.refusal()


@pytest.mark.parametrize("text", ["area: " + "[" * 2000, "area: 2020-02-30"])
def test_settings_nested_too_deeply_or_with_an_impossible_date_are_refused(text, tmp_path):
    folder = tmp_path / "raw" / "shire"
    folder.mkdir(parents=True)
    (folder / "profile.yml").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"profile\.yml.*: not readable as YAML\."):
        read_area("shire", data_dir=tmp_path)


@pytest.mark.parametrize(("more", "message"), [
    ("words: {role: {Wizard: social worker}}\n",
     "shire/profile.yml, column words.role.Wizard: no such meaning. Found 'social worker'; allowed "
     "case_holder, first_line_manager, middle_manager, qualified_without_cases, senior_manager, "
     "senior_practitioner, support. Write one of these."),
    ("words: {funding: {Established: (meaning)}}\n",
     "shire/profile.yml, column words.funding.Established: no such meaning. Found '(meaning)'; "
     "allowed deleted, frozen, funded, unfunded. Write one of these."),
    ("words: {roles: {Wizard: support}}\n",
     "shire/profile.yml, column words: Unknown field 'roles'. Did you mean 'role'? Known: absence, "
     "allocation, employment, funding, in_retention_scheme, movement, pay_route, post_type, role, "
     "stage."),
])  # fmt: skip
def test_a_meaning_that_is_none_is_refused(data, more, message):
    data.write("profile.yml", PROFILE + more)
    assert data.refusal() == message


@pytest.mark.parametrize(("own", "where"), [
    ("headings: {Squad: taem}", "headings.Squad"),
    ('files: {"A*": {headings: {Squad: taem}}}', "headings.Squad"),
    ('files: {"A*": {values: {taem: Alpha}}}', "files.A*.values"),
])  # fmt: skip
def test_a_field_that_is_none_is_refused(data, own, where):
    """Its column would be lost in silence."""
    data.write("profile.yml", PROFILE.replace("{folder: posts}", f"{{folder: posts, {own}}}"))
    assert data.refusal() == (
        f"shire/profile.yml, column sources.posts.{where}: Unknown field 'taem'. Did you "
        "mean 'team'? Known: as_at, fte, funding, post_id, role, team."
    )
