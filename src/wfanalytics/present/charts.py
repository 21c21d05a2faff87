"""The charts of the pack: data first, the rest by keyword, ``ax`` last; each returns its Axes."""

from wfanalytics.present.bars import plot_bars
from wfanalytics.present.heat import plot_heat
from wfanalytics.present.shares import plot_shares
from wfanalytics.present.stack import plot_stack
from wfanalytics.present.trend import plot_trend
from wfanalytics.present.waterfall import plot_waterfall

__all__ = ["plot_bars", "plot_heat", "plot_shares", "plot_stack", "plot_trend", "plot_waterfall"]
