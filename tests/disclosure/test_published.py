"""A published table with one count withheld gives it away; the same table masked by us does not.

Gateshead had one leaver in 2022: the file of that year prints it, the next withholds it alone.
(The totals of the next file leave it out; with those of the first it is one subtraction.)
"""

from __future__ import annotations

import numpy as np
from tests.disclosure.reader import KEY, Reader

from wfanalytics.measures.disclosure import mask_small_counts
from wfanalytics.measures.published_area import join_codes
from wfanalytics.raw.published import read_published_file

HEADLINE = "csww_headline_measures_2017_to_2022.csv"
GATESHEAD = ("leavers_12m_headcount", "service", "Gateshead")


def test_gateshead_2022_leaks_where_it_alone_is_withheld_and_not_from_ours(reference_dir):
    rows = join_codes(read_published_file(reference_dir / "dfe" / HEADLINE))
    is_it = (rows["measure"] == GATESHEAD[0]) & (rows["period_end"] == "2022-09-30")
    north_east = rows[is_it & (rows["region_name"] == "North East")
                      & (rows["area_level"] == "authority")]  # fmt: skip
    region = rows[is_it & (rows["area_name"] == "North East")]
    # The region is the whole, its authorities the parts.
    shown = north_east.assign(area_level="service", area_code=north_east["area_name"])
    whole = region.assign(area_level="authority", area_code="North East")
    shown = type(rows)(
        [*shown.to_dict("records"), *whole.to_dict("records")]
    ).assign(numerator=lambda x: x["value"], denominator=np.nan, source="dfe")  # fmt: skip
    truth = shown
    alone = shown["numerator"].mask(shown["area_code"] == "Gateshead")
    key = (*GATESHEAD, shown["period_end"].iloc[0])
    assert Reader(truth.assign(numerator=alone), truth, {}).bound([key])[key] == (1, 1)

    ours = mask_small_counts(truth)
    hidden = ours.loc[ours["status"] == "suppressed", KEY].itertuples(index=False, name=None)
    bounds = Reader(ours, truth, {}).bound(list(hidden))
    assert len(bounds) == 2
    assert all(high - low >= 3 for low, high in bounds.values())
