"""How every chart looks: size, type and colours, the same on every machine.

The base is ``afcharts``, the Government Analysis Function's matplotlib style and palette. Ours
differs in three points: the font is the one matplotlib ships, so that no machine warns or
changes a line break; type is 11 point because charts are drawn at their printed size; and the
palette's third colour is kept for targets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from wfanalytics.errors import WfanalyticsError

# matplotlib is imported where it draws: who only reads finished exhibits never waits for it.
if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: A chart fills the text width of an A4 page, 16 cm, and is drawn at that size.
CHART_WIDTH_CM = 16.0
CHART_HEIGHT_CM = 8.5
CM_PER_INCH = 2.54
#: Dots an inch of the PNG; layout is measured at this resolution.
DPI = 300

#: Smallest type in points: body text of a committee paper.
TEXT_SIZE = 11.0
FONT = "DejaVu Sans"

#: One colour a role, the same through the pack. Each has 3:1 contrast on white.
COLOURS = {
    "own": "#12436D",
    "second": "#28A197",
    "third": "#F46A25",
    "fourth": "#A285D1",
    "england": "#3D3D3D",
    "target": "#801650",
    "stated": "#C24E0C",
    "event": "#6B6B6B",
    "no figure": "#6B6B6B",
    "permanent": "#12436D",
    "agency": "#28A197",
    "uncovered": "#C24E0C",
    "over": "#A285D1",
    "below": "#12436D",
    "not above": "#7C8FA3",
    "within": "#12436D",
    "above": "#F46A25",
    "usual": "#5C7A94",
    "improvement": "#17806F",
    "concern": "#C24E0C",
    "bar": "#12436D",
    "quiet bar": "#7C8FA3",
}
#: The same roles dark enough for words: 4.5:1 contrast on white and on a pale band.
TEXT_COLOURS = {
    **COLOURS,
    "second": "#17706A",
    "third": "#AD4209",
    "fourth": "#6B4BA1",
    "stated": "#AD4209",
    "event": "#525252",
    "no figure": "#525252",
    "agency": "#17706A",
    "uncovered": "#AD4209",
    "over": "#6B4BA1",
    "above": "#AD4209",
    "quiet bar": "#3D3D3D",
    "not above": "#3D3D3D",
    "usual": "#3F5B73",
    "concern": "#AD4209",
    "improvement": "#17706A",
    "plain": "#1A1A1A",
}
#: Pale fills. A pale bar carries an outline in its role's colour: an empty post is drawn empty.
PALE = {
    "band": "#EFE3EA",
    "uncovered": "#FCEBDF",
    "below": "#DDE8F1",
    "withheld": "#F2F2F2",
    "usual": "#E6EEF4",
}
GRID_COLOUR = "#D9D9D9"
AXIS_COLOUR = "#8C8C8C"

_OVERRIDES: dict[str, Any] = {
    "font.family": [FONT],
    "font.size": TEXT_SIZE,
    "axes.labelsize": TEXT_SIZE,
    "axes.titlesize": TEXT_SIZE,
    "xtick.labelsize": TEXT_SIZE,
    "ytick.labelsize": TEXT_SIZE,
    "legend.fontsize": TEXT_SIZE,
    "text.color": TEXT_COLOURS["plain"],
    "axes.edgecolor": AXIS_COLOUR,
    "grid.color": GRID_COLOUR,
    "grid.linewidth": 0.6,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "xtick.color": AXIS_COLOUR,
    "ytick.color": AXIS_COLOUR,
    "xtick.labelcolor": TEXT_COLOURS["plain"],
    "ytick.labelcolor": TEXT_COLOURS["plain"],
    "ytick.major.size": 0,
    "axes.formatter.use_locale": False,
    "text.parse_math": False,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.bbox": None,
    "figure.constrained_layout.use": False,
    "figure.autolayout": False,
}

#: Words for each part of a bar.
Parts = Mapping[str, str]
_ORDER = ("own", "second", "third", "fourth")

P = ParamSpec("P")
R = TypeVar("R")


@cache
def read_style() -> dict[str, Any]:
    """Afcharts' style file with our overrides, as matplotlib settings."""
    import matplotlib as mpl

    spec = find_spec("afcharts")
    base = Path(str(spec.origin)).with_name("afcharts.mplstyle") if spec else None
    settings: Any = {} if base is None else mpl.rc_params_from_file(base, False, False)
    return {**settings, **_OVERRIDES}


def use_style() -> None:
    """Give every chart drawn after this the house style; our own charts have it anyway.

    >>> import matplotlib as mpl
    >>> with mpl.rc_context():
    ...     use_style()
    ...     mpl.rcParams["font.size"]
    11.0
    """
    import matplotlib as mpl

    update: Any = mpl.rcParams.update
    update(read_style())


def styled(plot: Callable[P, R]) -> Callable[P, R]:
    """Draw inside the house style, whatever the settings outside."""

    @wraps(plot)
    def draw(*args: P.args, **kwargs: P.kwargs) -> R:
        import matplotlib as mpl

        settings: Any = read_style()
        with mpl.rc_context(settings):
            return plot(*args, **kwargs)

    return draw


def new_figure(*, height_cm: float = CHART_HEIGHT_CM) -> Figure:
    """An empty figure of printed size that needs no display and nobody has to close."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    size = (CHART_WIDTH_CM / CM_PER_INCH, height_cm / CM_PER_INCH)
    figure = Figure(figsize=size, dpi=DPI)
    FigureCanvasAgg(figure)
    # Each chart finds room for its words inside its own part of the figure.
    figure.subplots_adjust(left=0, right=1, bottom=0, top=1, wspace=0.04, hspace=0.08)
    return figure


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2, from 1 to 21.

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def roles_of(parts: Parts, roles: Parts | None) -> dict[str, str]:
    """The colour role of each part: as given, or the palette in order.

    >>> roles_of({"inpost_fte": "permanent"}, None)
    {'inpost_fte': 'own'}
    """
    found = dict(zip(parts, _ORDER, strict=False)) if roles is None else dict(roles)
    unknown = [part for part in parts if found.get(part) not in COLOURS]
    if unknown:
        raise WfanalyticsError(
            f"No colour is known for {', '.join(unknown)}. Name a role for each part: "
            f"{', '.join(COLOURS)}."
        )
    return found


def fill_of(role: str) -> dict[str, Any]:
    """How a part of a bar is filled: plain with a white edge, or pale with an outline."""
    if role in PALE:
        return {"facecolor": PALE[role], "edgecolor": COLOURS[role], "linewidth": 1.2}
    return {"facecolor": COLOURS[role], "edgecolor": "white", "linewidth": 0.8}


def text_on(fill: str) -> str:
    """Black or white, whichever is easier to read on ``fill``.

    >>> text_on("#12436D"), text_on("#F46A25")
    ('#FFFFFF', '#000000')
    """
    return max("#FFFFFF", "#000000", key=lambda colour: contrast(colour, fill))
