"""Parameters: exact messages, declared types, and a notebook's own namespace."""

from __future__ import annotations

import pytest

from wfanalytics.errors import ParameterError
from wfanalytics.parameters import check_parameters, parse_parameters

ALLOWED = ("area", "month", "vacancy_target", "caseload_low", "caseload_high", "output_dir")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"vacency_target": 7},
            "Unknown parameter 'vacency_target'. Did you mean 'vacancy_target'? Known: area, "
            "caseload_high, caseload_low, month, output_dir, vacancy_target.",
        ),
        (
            {"area": 301},
            "Parameter 'area' must be text; found 301. Write it in quotes; with papermill pass it "
            "with -r, not -p: -r area TEXT.",
        ),
        (
            {"month": 202009},
            "Parameter 'month' must be text; found 202009. Write it in quotes; with papermill "
            "pass it with -r, not -p: -r month TEXT.",
        ),
        (
            {"month": "2020-13"},
            "The month '2020-13' is not a month. Write year and month as four digits, a hyphen "
            "and two digits, such as 2020-09.",
        ),
        ({"vacancy_target": "7%"}, "Parameter 'vacancy_target' must be a number; found '7%'."),
        ({"vacancy_target": True}, "Parameter 'vacancy_target' must be a number; found True."),
        ({"vacancy_target": 120}, "Parameter 'vacancy_target' is 120; allowed 0 to 100."),
        (
            {"vacancy_target": float("nan")},
            "Parameter 'vacancy_target' must be a number; found nan.",
        ),
        (
            {"vacancy_target": 0.07},
            "Parameter 'vacancy_target' is 0.07, which would be less than one per cent. Write per "
            "cent: 7 for 7%.",
        ),
        (
            {"caseload_low": 16, "caseload_high": 13},
            "The caseload band is upside down: caseload_low is 16 and caseload_high is 13. The "
            "lowest must be below the highest.",
        ),
        (
            {"area": "  "},
            "Parameter 'area' is empty. It is the folder under data/raw, or an authority's "
            "published name.",
        ),
    ],
)
def test_bad_parameters_are_refused_with_the_remedy(values, message):
    with pytest.raises(ParameterError) as caught:
        check_parameters(values, allowed=ALLOWED)
    assert str(caught.value) == message


def test_numbers_are_numbers_and_unset_stays_unset():
    given = {"vacancy_target": 7, "caseload_low": None, "output_dir": None, "area": "0301"}
    checked = check_parameters(given)
    assert checked == {
        "vacancy_target": 7.0,
        "caseload_low": None,
        "output_dir": "",
        "area": "0301",
    }
    assert isinstance(checked["vacancy_target"], float)


def test_a_choice_names_its_choices():
    with pytest.raises(ParameterError) as caught:
        check_parameters({"source": "publshed"})
    assert str(caught.value) == (
        "Unknown source 'publshed'. Did you mean 'published'? Known: local, published."
    )


def test_typed_text_is_read_by_kind_and_never_guessed():
    given = {"area": "0301", "vacancy_target": "6.5", "caseload_low": "None", "caseload_high": ""}
    assert parse_parameters(given, allowed=ALLOWED) == {
        "area": "0301", "vacancy_target": 6.5, "caseload_low": None, "caseload_high": None,
    }  # fmt: skip


def test_typed_text_that_is_no_number_is_refused():
    with pytest.raises(ParameterError, match=r"must be a number; found 'seven'\."):
        parse_parameters({"vacancy_target": "seven"}, allowed=ALLOWED)


def run_cells(*cells: str) -> dict:
    """A namespace as IPython leaves it after running ``cells``: their text is in ``In``."""
    namespace: dict = {"In": ["", *cells], "_": "", "Out": {}, "exit": None}
    for text in cells:
        if "check_parameters" not in text and not text.startswith("%"):
            exec(text, namespace)
    return namespace


CHECK = "import wfanalytics as wf\nwf.check_parameters(globals())"


def test_a_notebook_names_its_misspelt_parameter():
    namespace = run_cells('month = "2020-09"', '# Parameters\nmnth = "2020-08"\n', CHECK)
    with pytest.raises(ParameterError, match=r"^Unknown parameter 'mnth'\. Did you mean 'month'\?"):
        check_parameters(namespace)


def test_a_notebook_gets_its_own_parameters_only():
    namespace = run_cells("%matplotlib inline", 'month = "2020-09"  # last\narea = "x"', CHECK)
    assert check_parameters(namespace) == {"month": "2020-09", "area": "x"}


def test_an_analysts_later_cells_are_not_parameters():
    """Run a notebook, try something below, run it again from the top: that must not fail."""
    cells = ('month = "2020-09"', CHECK, "top = 5", 'month = "2020-08"', CHECK)
    assert check_parameters(run_cells(*cells)) == {"month": "2020-08"}


def test_a_month_that_may_be_left_out_is_none_and_otherwise_checked():
    assert check_parameters({"since": ""}) == {"since": None}
    assert check_parameters({"since": None}) == {"since": None}
    assert check_parameters({"since": "2019-02"}) == {"since": "2019-02"}
    with pytest.raises(ParameterError):
        check_parameters({"since": "2019-13"})


@pytest.mark.parametrize("text", [
    "postgresql://hr:hunter2@db/people", "password=hunter2", "API_KEY = abc", "made-up-key-of-16",
])  # fmt: skip
def test_a_secret_is_refused_and_never_repeated(text, monkeypatch):
    monkeypatch.setenv("WFANALYTICS_PSEUDONYM_KEY", "made-up-key-of-16")
    for given in ({"service": text}, {"vacancy_target": text}):
        with pytest.raises(ParameterError) as error:
            parse_parameters(given, allowed=["service", "vacancy_target"])
        assert str(error.value) == (
            f"Parameter {next(iter(given))!r} holds a password or key, and every parameter is "
            "written into the report. Keep secrets in environment variables; leave it out."
        )
