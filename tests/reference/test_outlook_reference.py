"""The projection of a year's leavers and staff on every authority the Department publishes."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.reference.published_years import backtest_published

import wfanalytics as wf

BANDS = {"under 150": (0, 150), "150 to 399": (150, 400), "400 and more": (400, 100_000)}
WITHIN = 0.03


@pytest.fixture(scope="module")
def found(reference_dir):
    path = str(reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv")
    data = wf.open_area("England", month="2023-09", source="published", published_file=path)
    return backtest_published(data.national)


def test_the_years_are_those_after_2017_to_2022(found):
    assert found["period_end"].dt.year.unique().tolist() == list(range(2017, 2023))
    assert len(found) > 880


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("share", [80, 95])
def test_intervals_of_next_years_leavers_hold_as_many_as_they_say(found, band, share, say):
    low, high = BANDS[band]
    rows = found[found["heads"].between(low, high, inclusive="left")]
    held = rows["actual"].between(rows[f"lower_{share}"], rows[f"upper_{share}"]).mean()
    say(f"outlook: {share}% interval of leavers, {band} people: held {held:.1%} of {len(rows)}")
    assert held == pytest.approx(share / 100, abs=WITHIN)


@pytest.mark.parametrize("band", BANDS)
def test_leavers_are_projected_better_than_same_as_last_year(found, band):
    low, high = BANDS[band]
    rows = found[found["heads"].between(low, high, inclusive="left")]
    rows = rows[rows["actual"] > 0]
    model, naive = (
        ((rows[name] - rows["actual"]).abs() / rows["actual"]).median()
        for name in ("projected", "leavers")
    )
    assert model < naive


def test_staff_a_year_on_are_not_projected_worse_than_no_change(found, say):
    """The year's net flow adds error, as section 6 found, so staff are projected as they are."""
    errors = {
        name: ((found[name] - found["actual_heads"]).abs() / found["actual_heads"]).median()
        for name in ("in_post", "no_change", "net_flow")
    }
    say(f"outlook: median error of staff a year on {errors['in_post']:.1%}, net flow "
        f"{errors['net_flow']:.1%}")  # fmt: skip
    assert errors["in_post"] <= errors["no_change"] < errors["net_flow"]


def test_the_autumn_of_2020_in_west_sussex_is_inside_the_interval(found):
    own = found[
        (found["old_la_code"] == "938") & (found["period_end"] == pd.Timestamp("2020-09-30"))
    ]
    row = own.iloc[0]
    assert (row["heads"], row["leavers"], row["actual"]) == (549, 52, 79)
    assert row["lower_80"] <= 79 <= row["upper_80"]
