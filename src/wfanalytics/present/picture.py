"""A figure as PNG and SVG bytes: the same figure gives the same bytes, alt text inside.

No date, no software version and no random identifiers go into the files, so that an unchanged
chart is an unchanged file.
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from wfanalytics.present.style import FONT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Dots an inch in the PNG: sharp in print at 16 cm.
PNG_DPI = 300
#: Colours of a PNG: every flat colour of a chart and the shades at its edges, in a third of the
#: bytes (docs/committee-paper.md has the figures).
MOST_COLOURS = 128
#: A picture of more colours than this is a photograph, not a chart, and keeps them all.
CHART_COLOURS = 1 << 14

#: The chart's font, and those of nearly the same widths where a reader's machine lacks it.
FONTS = f"'{FONT}', Verdana, Arial, sans-serif"

_MARK = "audience"
_SVG_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "wfanalytics",
    "svg.image_inline": True,
}


def render_png(figure: Figure, *, alt_text: str, mark: str = "") -> bytes:
    """A figure as PNG at 300 dpi, its alt text in the file's own Description field.

    ``mark`` is written across it, and into its Disclaimer field.
    """
    _write_mark(figure, mark)
    drawn, buffer = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="rgba", dpi=PNG_DPI)
    width = int(figure.get_size_inches()[0] * PNG_DPI)
    pixels = np.frombuffer(drawn.getvalue(), "<u4").reshape(-1, width)
    described = PngInfo()
    described.add_text("Description", alt_text)
    if mark:
        described.add_text("Disclaimer", mark)
    _reduce_colours(pixels).save(
        buffer, "png", compress_level=6, dpi=(PNG_DPI, PNG_DPI), pnginfo=described
    )
    return buffer.getvalue()


def _reduce_colours(pixels: Any) -> Image.Image:
    """Pixels (32-bit integers, red lowest) as a picture of its most frequent colours, exactly.

    Any other colour, a shade at the edge of a letter or a line, becomes the nearest of these.
    """
    found, counts = np.unique(pixels, return_counts=True)
    if len(found) > CHART_COLOURS:
        return Image.fromarray(pixels.view(np.uint8).reshape(*pixels.shape, 4)).convert("RGB")
    parts = found[:, None] >> np.array([0, 8, 16], "<u4") & 255
    parts = parts.astype(int)
    kept = parts[np.argsort(-counts, kind="stable")[:MOST_COLOURS]]
    lookup = np.zeros(1 << 24, np.uint8)
    lookup[found & 0xFFFFFF] = ((parts[:, None] - kept) ** 2).sum(axis=2).argmin(axis=1)
    picture = Image.fromarray(lookup[pixels & 0xFFFFFF])
    picture.putpalette(kept.astype(np.uint8).tobytes())
    return picture


def _write_mark(figure: Figure, mark: str) -> None:
    """The mark, pale, across the middle of the figure, once."""
    if mark and not any(text.get_gid() == _MARK for text in figure.texts):
        figure.text(
            0.5, 0.5, mark.partition(",")[0].upper(), gid=_MARK, fontsize=26, alpha=0.25,
            color="#0b0c0c", ha="center", va="center", rotation=15, in_layout=False,
        )  # fmt: skip


def render_svg(figure: Figure, *, title: str, alt_text: str, mark: str = "") -> bytes:
    """A figure as SVG whose text is text, with a title and a description for screen readers.

    ``mark`` is written across it, and ends the description.
    """
    import matplotlib as mpl

    _write_mark(figure, mark)
    alt_text = f"{alt_text} {mark}".strip()

    buffer = io.StringIO()
    with mpl.rc_context(_SVG_SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    spoken = (
        f'<title id="chart-title">{escape(title)}</title>\n'
        f' <desc id="chart-description">{escape(alt_text)}</desc>'
    )
    text = buffer.getvalue().replace(f"'{FONT}'", FONTS)
    return re.sub(
        r"<svg ([^>]*)>",
        lambda tag: (
            f'<svg {tag[1]} role="img" aria-labelledby="chart-title chart-description">\n {spoken}'
        ),
        text,
        count=1,
    ).encode()
