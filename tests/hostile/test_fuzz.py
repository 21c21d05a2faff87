"""A small part of ``make fuzz``; the whole is 100,000 inputs."""

from __future__ import annotations

import os

import pytest
from tests.hostile.fuzz import SHARES, run_fuzz

COUNT = 1_500


@pytest.mark.skipif(os.name == "nt", reason="time limits are a Unix matter")
def test_every_input_is_read_or_refused_in_plain_words(say):
    outcomes = run_fuzz(COUNT, seed=1)
    assert outcomes.total() == COUNT
    assert {name.rpartition(" ")[0] for name in outcomes} == set(SHARES)
    read = sum(number for name, number in outcomes.items() if name.endswith(" read"))
    assert COUNT / 10 < read < COUNT * 9 / 10, "inputs should be neither whole nor rubbish"
    say(f"fuzz: {COUNT:,} inputs, {read:,} read and {COUNT - read:,} refused in plain words")
