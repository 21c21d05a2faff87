"""What a reader sees of a chart: its words, their boxes, and the lines that may run into them."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from wfanalytics.present.labels import Box
from wfanalytics.present.style import CHART_WIDTH_CM, FONT


def drawn_texts(figure):
    """Each text that is seen, with its box in pixels."""
    figure.canvas.draw()
    texts = [*figure.texts]
    for axes in figure.axes:
        texts += axes.texts
        if axes.axison:
            texts += [*axes.get_xticklabels(), *axes.get_yticklabels()]
    seen = [text for text in texts if text.get_visible() and text.get_text().strip()]
    boxes = [text.get_window_extent() for text in seen]
    return [(t, Box(b.x0, b.y0, b.x1, b.y1)) for t, b in zip(seen, boxes, strict=True)]


def check_words(figure):
    """11 point or more, horizontal, one font, inside the picture, no two over each other."""
    texts = drawn_texts(figure)
    assert texts
    page = Box(0, 0, figure.bbox.width, figure.bbox.height)
    for text, box in texts:
        assert text.get_fontsize() >= 11, text
        assert text.get_rotation() == 0, text
        assert text.get_fontname() == FONT
        assert box.is_within(page), text
    for (one, a), (other, b) in combinations(texts, 2):
        assert not a.grown(-3).overlaps(b.grown(-3)), (one.get_text(), other.get_text())
    assert figure.get_size_inches()[0] * 2.54 == pytest.approx(CHART_WIDTH_CM)


def check_lines_miss_words(axes):
    """No data line, target or event line runs through a word that stands on the chart."""
    texts = [box for text, box in drawn_texts(axes.figure) if text in axes.texts]
    for line in axes.lines:
        label = str(line.get_label())
        if label.startswith(("_series", "_target", "_event")):
            points = line.get_transform().transform(
                np.column_stack([axes.convert_xunits(line.get_xdata()), line.get_ydata()])
            )
            for (x0, y0), (x1, y1) in pairwise(points):
                hit = [box for box in texts if box.grown(-4).is_crossed((x0, y0, x1, y1))]
                assert not hit, label
