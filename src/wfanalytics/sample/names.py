"""Invented people: a registration number, a name and a date of birth. None of them exists."""

from __future__ import annotations

import numpy as np
import pandas as pd

FIRST = (
    "Aisha", "Amélie", "Ben", "Bryony", "Callum", "Chloë", "Daniel", "Dara", "Ellis", "Esi",
    "Farah", "Finn", "Grace", "Gwen", "Harriet", "Hugo", "Imran", "Isla", "Jade", "Joel",
    "Kezia", "Kit", "Leah", "Lorcan", "Maya", "Morgan", "Nia", "Noor", "Oliver", "Orla",
    "Priya", "Quinn", "Renée", "Robin", "Sam", "Siân", "Tariq", "Tess", "Una", "Zoë",
)  # fmt: skip
LAST = (
    "Abbey", "Ashgrove", "Barrowby", "Birchall", "Coldwater", "Cranfold", "Dunmere", "Eastlake",
    "Fairholt", "Fenwick-Jones", "Goldacre", "Greenhow", "Hartwell", "Holloway", "Inglemoor",
    "Kestrel", "Kingsmead", "Larkfield", "Longbarn", "Marchwood", "Merrivale", "Northgate",
    "O'Dell", "Oakhanger", "Penhallow", "Quarrington", "Ravenscar", "Redfern", "Saltmarsh",
    "Silverdale", "Thornbury", "Underhill", "Vale", "Wetherby", "Whitlock", "Yarrow",
)  # fmt: skip


def make_people(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """``count`` invented people: worker_id, name, birth_date (22 to 60 years old in 2017)."""
    numbers = rng.choice(np.arange(100_000, 999_999), size=count, replace=False)
    age = rng.integers(22 * 365, 60 * 365, size=count)
    return pd.DataFrame(
        {
            "worker_id": [f"SW{number}" for number in numbers],
            "name": [f"{rng.choice(LAST)}, {rng.choice(FIRST)}" for _ in range(count)],
            "birth_date": pd.Timestamp("2017-04-01") - pd.to_timedelta(age, unit="D"),
        }
    )
