"""The fictional sample area, Exampleshire: its truth, and the mess councils really send."""

from __future__ import annotations

from wfanalytics.sample.story import SEED
from wfanalytics.sample.world import make_world
from wfanalytics.sample.write import write_sample, write_truth

__all__ = ["SEED", "make_world", "write_sample", "write_truth"]
