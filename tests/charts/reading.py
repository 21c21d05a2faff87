"""What a reader sees of a chart: its words, their boxes, and the lines that may run into them."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgba

from wfanalytics.present.labels import Box
from wfanalytics.present.style import (
    CHART_WIDTH_CM,
    DPI,
    FONT,
    GRID_COLOUR,
    PALE,
    contrast,
)

#: Dots an inch at which the ground behind words is looked at.
COARSE = 100
#: Of a letter's height, what its box has above and below the letters.
EDGE = 0.15
#: WCAG 1.4.3 and 1.4.11.
TEXT_CONTRAST, MARK_CONTRAST = 4.5, 3.0
#: Of the ground behind a word, the part that a thin line or an edge may take.
THIN = 0.15


def drawn_texts(figure):
    """Each text that is seen, with its box in pixels."""
    figure.draw_without_rendering()
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


def check_marks(figure):
    """Lines, markers and fills stand out from white by 3:1; a paler one is ground, not a mark.

    White ground without a frame, one scale to an axis, no legend to look up.
    """
    pale = {to_hex(colour) for colour in (*PALE.values(), "#FFFFFF", GRID_COLOUR)}
    places = [axes.get_position().bounds for axes in figure.axes]
    assert len(set(places)) == len(places), "no second scale over the first"
    for axes in figure.axes:
        assert {to_hex(x.get_facecolor()) for x in (figure, axes)} == {to_hex("white")}
        assert not any(axes.spines[side].get_visible() for side in ("top", "right", "left"))
        assert axes.get_legend() is None
        for line in axes.lines:
            for colour in (line.get_color(), line.get_markeredgecolor()):
                check_mark(colour, pale | {to_hex("white")}, line.get_label())
        for patch in axes.patches:
            edge = patch.get_edgecolor() if patch.get_linewidth() else (0, 0, 0, 0)
            if not any(is_strong(colour) for colour in (patch.get_facecolor(), edge)):
                check_mark(patch.get_facecolor(), pale, patch.get_label())


def is_strong(colour):
    """Whether a colour can be seen on white."""
    red, green, blue, alpha = to_rgba(colour)
    return alpha > 0 and contrast(to_hex((red, green, blue)), "#FFFFFF") >= MARK_CONTRAST


def check_mark(colour, pale, label):
    assert is_strong(colour) or to_rgba(colour)[3] == 0 or to_hex(colour) in pale, (label, colour)


def check_contrast(figure):
    """Each text against the ground it stands on, as drawn without any text: 4.5:1."""
    texts = drawn_texts(figure)
    for text, _ in texts:
        text.set_visible(False)
    figure.set_dpi(COARSE)
    figure.canvas.draw()
    ground = np.asarray(figure.canvas.buffer_rgba())[..., :3]
    figure.set_dpi(DPI)
    for text, drawn in texts:
        text.set_visible(True)
        box = drawn.grown(-text.get_fontsize() / 72 * DPI * EDGE)
        left, right = (round(x * COARSE / DPI) for x in (box.left, box.right))
        low, high = (round(ground.shape[0] - y * COARSE / DPI) for y in (box.top, box.bottom))
        seen = ground[max(low, 0) : max(high, low + 1), max(left, 0) : max(right, left + 1)]
        found, counts = np.unique(seen.reshape(-1, 3), axis=0, return_counts=True)
        for colour, count in zip(found, counts, strict=True):
            if count > THIN * counts.sum():
                ratio = contrast(to_hex(text.get_color()), to_hex(colour / 255))
                assert ratio >= TEXT_CONTRAST, (text.get_text(), to_hex(colour / 255))
