"""The explorer: choose area, measure, place, period, comparison and target, and see what follows.

Every choice is an argument of :func:`wfanalytics.present.view.view`, so that what is on the screen
can be kept as one call in a notebook.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from html import escape
from typing import Any

import ipywidgets as widgets

from wfanalytics.errors import WfanalyticsError
from wfanalytics.measures.area import open_area
from wfanalytics.measures.area_data import AreaData
from wfanalytics.measures.definitions import DEFINITIONS
from wfanalytics.measures.places import LEVELS
from wfanalytics.periods import format_month
from wfanalytics.present.exhibit import Exhibit, write_exhibit
from wfanalytics.present.keep import KEPT, write_cell, write_kept_notebook
from wfanalytics.present.markup import render_exhibit, render_table
from wfanalytics.present.style import CHART_WIDTH_CM
from wfanalytics.present.view import OWN_TARGETS, list_places, view
from wfanalytics.present.words import axis_title
from wfanalytics.raw.area import find_data_dir, list_areas

#: Shown first where the area has it: the measure that councils' targets are about.
FIRST_MEASURE = "uncovered_vacancy_rate_fte"
_WIDTH = "20.5em"
_LABELLED = {"description_width": "7.5em"}

#: Keeps the arrow and letter keys to the choice they are pressed in: JupyterLab takes those pressed
#: in a closed drop-down list for its own and moves to another cell, or adds or deletes one
#: (ipywidgets issue 3912), unless the list itself has this attribute; no widget can be given it.
_KEYS = """<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" onload="
const keep = () => { const box = this.closest('.widget-vbox'); box ? box.addEventListener('focusin',
event => event.target.setAttribute('data-lm-suppress-shortcuts', 'true')) : setTimeout(keep, 100);
}; keep()">"""

Options = list[tuple[str, Any]]


def explore(data: AreaData, *, output_dir: str = "", **where: str) -> Explorer:
    """Widgets over an open area; works with a keyboard alone. Masked figures only.

    Parameters
    ----------
    data : as :func:`~wfanalytics.measures.area.open_area` gives it.
    output_dir : folder for copied charts and kept notebooks; ``kept`` unless given.
    where : the ``published_file`` and ``data_dir`` the area was opened with, to open another area
        in the same way.

    Returns an :class:`Explorer`: last in a cell it shows itself; ``exhibit`` is what it shows.

    >>> from wfanalytics.measures.area import open_area
    >>> explorer = explore(open_area("exampleshire", month="2019-07"))
    >>> explorer.choices["level"].value = "team"
    >>> explorer.exhibit.headline
    'Uncovered vacancy rate: highest in Fostering Assessment of those shown'
    """
    return Explorer(data, output_dir=output_dir or KEPT, where=where)


class Explorer:
    """The widgets, and what they show: ``choices`` by name, ``exhibit``, and the kept ``cell``."""

    def __init__(self, data: AreaData, *, output_dir: str, where: dict[str, str]) -> None:
        self.data, self.output_dir = data, output_dir
        self.where = {"source": data.source, **where}
        self.phases: dict[str, str] = {}
        self.exhibit: Exhibit
        self.choices = {
            "area": _dropdown("Area"), "measure": _dropdown("Measure", width="41.3em"),
            "level": _dropdown("Level"), "place": _dropdown("Place"),
            "weekly": _dropdown("Figures"), "start": _dropdown("From"), "end": _dropdown("To"),
            "beside": _dropdown("Compare with"), "target": _dropdown("Target"),
            "value": widgets.FloatText(description="Target to try", style=_LABELLED,
                                       layout=widgets.Layout(width=_WIDTH)),
            "phase": _dropdown("Limits from"),
            "reason": widgets.Text(description="because", style=_LABELLED,
                                   layout=widgets.Layout(width=_WIDTH),
                                   placeholder="what changed then"),
        }  # fmt: skip
        self.shown, self.said = widgets.HTML(), widgets.HTML()
        self.cell = widgets.Textarea(
            description="Kept cell", rows=8, layout=widgets.Layout(width="95%", display="none")
        )
        presses = {
            "Try these limits": self.try_limits,
            "Drop tried limits": self.drop_limits,
            "Copy this chart": self.copy_chart,
            "Keep as a cell": self.keep_cell,
            "Keep as a notebook": self.keep_notebook,
        }
        self.buttons = {text: _button(text, press) for text, press in presses.items()}
        *fields, phase, reason = self.choices.values()
        tries, drops, *keeps = self.buttons.values()
        rows = (fields, [phase, reason, tries, drops], keeps)
        wrap = widgets.Layout(flex_flow="row wrap")
        controls = [widgets.Box(row, layout=wrap) for row in rows]
        self.box = widgets.VBox([*controls, self.said, self.cell, self.shown, widgets.HTML(_KEYS)])
        self._is_filling = False
        for name, widget in self.choices.items():
            if name not in ("phase", "reason"):
                widget.observe(self._on_change, names="value")
        self._fill_area()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return self.box._repr_mimebundle_(**kwargs)

    @property
    def arguments(self) -> dict[str, Any]:
        """What :func:`~wfanalytics.present.view.view` is asked; what is not chosen is left out."""
        chosen = {n: self.choices[n].value for n in _ASKED if not self.choices[n].disabled}
        asked = {name: value for name, value in chosen.items() if value != _ASKED[name]}
        if asked.get("target") == "try":
            asked["target"] = self.choices["value"].value or None
        elif "target" in asked:
            asked["target"] = None
        return asked | ({"phases": dict(self.phases)} if self.phases else {})

    def try_limits(self) -> None:
        """Start the control limits anew in the chosen month; refused without a reason."""
        month, reason = self.choices["phase"].value, self.choices["reason"].value
        if not month:
            self._say("Choose the month in which new limits start.")
            return
        before = dict(self.phases)
        self.phases[month] = reason
        if not self._show():
            self.phases = before

    def drop_limits(self) -> None:
        """Go back to the area's own limits."""
        self.phases = {}
        self._show()

    def copy_chart(self) -> None:
        """Save what is shown as a paste kit: picture, words with alt text, and table."""
        record = write_exhibit(self.exhibit, self.output_dir)
        self._say(f"Saved in {record.parent.resolve()}: {record.stem}.png, .svg, .txt and .csv.")

    def keep_cell(self) -> None:
        """Write the view as a cell, ready to be copied into any of the notebooks."""
        self.cell.value = write_cell(self.choices["measure"].value, self.arguments)
        self.cell.layout.display = ""
        self._say("Copy the cell below into a notebook that has opened the area as data.")

    def keep_notebook(self) -> None:
        """Write the view as a notebook with parameters, which papermill can run."""
        path = write_kept_notebook(
            self.exhibit, self.data, folder=self.output_dir,
            cell=write_cell(self.choices["measure"].value, self.arguments), where=self.where,
        )  # fmt: skip
        self._say(f"Saved {path.resolve()}.")

    def _on_change(self, change: dict[str, Any]) -> None:
        widget = change["owner"]
        if self._is_filling:
            return
        if widget is self.choices["area"]:
            self._open(change["new"])
        elif widget is self.choices["measure"] or widget is self.choices["level"]:
            self._fill_places()
        else:
            self._show()

    def _open(self, area: str) -> None:
        self._say(f"Opening {area} …")
        try:
            self.data = open_area(area, **self.where)
        except WfanalyticsError as error:
            self._say(str(error))
            return
        self.phases = {}
        self._fill_area()

    def _fill_area(self) -> None:
        """Offer what the area has, and show it."""
        data, rows = self.data, self.data.measures
        held = set(rows["measure"])
        ends = rows.loc[rows["period_type"] != "week", "period_end"].drop_duplicates().sort_values()
        months = [(format_month(end), f"{end:%Y-%m}") for end in ends]
        self._offer("area", self._list_areas())
        self._offer("measure", [(axis_title(d), d.id) for d in DEFINITIONS.values()
                                if d.id in held], first=FIRST_MEASURE)  # fmt: skip
        local = data.source == "local"
        self._offer("level", [(name, name) for name in (LEVELS if local else LEVELS[:1])])
        self._offer("start", [("the first", ""), *months])
        self._offer("end", [("the newest", ""), *months[::-1]])
        self._offer("phase", [("choose a month", ""), *months])
        own = [("the area's own", OWN_TARGETS), ("none", "none"), ("one to try", "try")]
        self._offer("target", own)
        self._fill_places()

    def _fill_places(self) -> None:
        """Offer the places of the level and what the measure has, and show it."""
        data, level = self.data, self.choices["level"].value
        rows = data.measures[data.measures["measure"] == self.choices["measure"].value]
        is_weekly = (rows["period_type"] == "week").any()
        weeks: Options = [("by month", False), *([("by week", True)] if is_weekly else [])]
        self._offer("weekly", weeks if data.source == "local" else [("by year", False)])
        names = list_places(data, level)
        if level == "authority":
            self._offer("place", [(data.name, "")])
            others = [] if data.source == "local" else ["England", *list_places(data, "region")]
        else:
            self._offer("place", [(f"every {level}", ""), *((name, name) for name in names)])
            others = [data.name, *names]
        self._offer("beside", [("nothing", ""), *((name, name) for name in others)])
        self._show()

    def _list_areas(self) -> Options:
        if self.data.source == "local":
            folder = find_data_dir(self.where.get("data_dir", ""))
            return [(name, name) for name in list_areas(folder)]
        rows = self.data.national
        names = [] if rows.empty else rows.loc[rows["area_level"] == "authority", "area_name"]
        return [(name, name) for name in sorted({self.data.name, *names})]

    def _offer(self, name: str, options: Options, *, first: Any = None) -> None:
        """Give a widget its options without showing anything yet; keep what was chosen."""
        widget = self.choices[name]
        own = {"area": self.data.slug if self.data.source == "local" else self.data.name}
        wanted = own.get(name, widget.value if widget.options else first)
        values = [value for _, value in options]
        self._is_filling = True
        widget.options = options
        widget.value = wanted if wanted in values else values[0]
        self._is_filling = False

    def _show(self) -> bool:
        """Draw and say what is chosen; say why where it cannot be, and leave what was there."""
        is_bars = self.choices["level"].value != "authority" and not self.choices["place"].value
        for name in ("start", "beside", "target"):
            self.choices[name].disabled = is_bars
        self.choices["value"].disabled = is_bars or self.choices["target"].value != "try"
        try:
            self.exhibit = view(self.data, self.choices["measure"].value, **self.arguments)
        except WfanalyticsError as error:
            self._say(str(error))
            return False
        self.shown.value = render_view(self.exhibit)
        self._say("")
        return True

    def _say(self, text: str) -> None:
        self.said.value = f'<p role="status">{escape(text)}</p>'


#: The choices that are arguments of a view, and what each is where nothing was chosen.
_ASKED: dict[str, Any] = {
    "level": "authority", "place": "", "weekly": False, "start": "", "end": "", "beside": "",
    "target": OWN_TARGETS,
}  # fmt: skip


def render_view(exhibit: Exhibit) -> str:
    """An exhibit for the screen in the house order, its picture as SVG: a tenth of the PNG."""
    words = replace(exhibit, table=None, source="", notes=())
    parts = ['<div style="line-height:1.35">', render_exhibit(words, png=None)]
    if exhibit.svg is not None:
        picture = base64.b64encode(exhibit.svg).decode()
        parts.append(
            f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(exhibit.alt_text)}" '
            f'style="width:{CHART_WIDTH_CM}cm;max-width:100%">'
        )
    if exhibit.table is not None:
        parts.append(render_table(exhibit.table, caption=exhibit.table_caption))
    parts.append(f"<p>Source: {escape(exhibit.source)}</p>" if exhibit.source else "")
    notes = "".join(f"<li>{escape(note)}</li>" for note in exhibit.notes)
    return "\n".join([*parts, f"<p>Notes</p><ul>{notes}</ul></div>"])


def _dropdown(name: str, *, width: str = _WIDTH) -> Any:
    layout = widgets.Layout(width=width)
    return widgets.Dropdown(description=name, layout=layout, style=_LABELLED)


def _button(name: str, press: Callable[[], None]) -> Any:
    button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
    button.on_click(lambda _: press())
    return button
