"""Which ten authorities one is compared with, and whose list that is."""

from __future__ import annotations

import pytest

import wfanalytics as wf
from wfanalytics.errors import InputError, ParameterError
from wfanalytics.raw.neighbours import COLUMNS, find_neighbours, read_groupings
from wfanalytics.settings import Profile


@pytest.fixture(scope="module")
def shipped(project_root):
    return project_root / "data" / "raw" / "published" / "statistical_neighbours.csv"


def test_the_newest_model_that_lists_the_authority_is_used_and_named(shipped):
    west_sussex = find_neighbours(shipped, "938")
    assert west_sussex.model == "2025"
    assert west_sussex.codes == (
        "916", "881", "850", "919", "937", "865", "802", "931", "803", "878",
    )  # fmt: skip
    hampshire = find_neighbours(shipped, "850")
    assert (hampshire.model, len(hampshire.codes)) == ("April 2021", 10)


def test_a_joint_return_has_its_members_neighbours_in_turn_without_itself(shipped):
    # Kingston: 302 319 315 318 868 870 936 919; Richmond: 868 936 872 931 314 825 919.
    joint = find_neighbours(shipped, "314 / 318")
    assert joint.codes == (
        "302", "868", "319", "936", "315", "872", "931", "870", "825", "919",
    )  # fmt: skip


def test_an_authority_no_model_lists_has_no_neighbours(shipped):
    assert find_neighbours(shipped, "942").codes == ()


def test_a_table_of_another_shape_is_refused(tmp_path):
    path = tmp_path / "n.csv"
    path.write_text("model,code\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a table of neighbours"):
        find_neighbours(path, "938")
    path.write_text(",".join(COLUMNS) + "\n2025,938\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"n\.csv, row 2: too few or too many cells"):
        find_neighbours(path, "938")


def test_dfes_file_is_read_with_its_byte_order_mark_notes_and_empty_column(tmp_path):
    heads = ["LA num", "LA Name", "LA number", "GOInd", "GOReg"]
    heads += [name for n in range(1, 11) for name in (f"SN{n}", "SNP")] + [""]
    cells = ["938", "West Sussex", "938", "6", "South East"]
    cells += [text for n in range(801, 811) for text in (str(n), "Close ")] + [""]
    note = ["", "Old SNs:", *[""] * 24]
    path = tmp_path / "groupings.csv"
    path.write_text("\n".join(",".join(row) for row in (heads, cells, note)), "utf-8-sig")
    rows = read_groupings(path, model="M")
    assert [list(row.values()) for row in rows] == [
        ["M", "938", "West Sussex", *[str(n) for n in range(801, 811)]]
    ]


def test_a_profile_may_name_its_own_neighbours_with_or_without_quotes():
    base = {"area": "a", "name": "A", "authority_code": "E1", "sources": {}}
    assert Profile.model_validate({**base, "neighbours": [916, "881"]}).neighbours == ("916", "881")
    with pytest.raises(ValueError, match="should match pattern"):
        Profile.model_validate({**base, "neighbours": ["Devon"]})


def test_the_profiles_list_overrules_the_model(small_project):
    profile = small_project / "data/raw/exampleshire/profile.yml"
    text = profile.read_text("utf-8").replace(
        "full_time_hours", "neighbours: [916, 881]\nfull_time_hours"
    )
    profile.write_text(text, encoding="utf-8")
    data = wf.open_area("exampleshire", month="2020-09")
    assert data.neighbours.codes == ("916", "881")
    assert data.neighbours.model == "the authority's own list"


def test_then_is_a_month_or_nothing():
    assert wf.check_parameters({"then": "2019-05"}) == {"then": "2019-05"}
    assert wf.check_parameters({"then": ""}) == {"then": None}
    with pytest.raises(ParameterError):
        wf.check_parameters({"then": "May 2019"})
