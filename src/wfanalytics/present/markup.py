"""Exhibits and tables as HTML that a screen reader can follow; every text is escaped."""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from wfanalytics.present.style import CHART_WIDTH_CM
from wfanalytics.present.tables import format_table, is_number_column
from wfanalytics.thresholds import MANAGERS, MANAGERS_ONLY

if TYPE_CHECKING:
    import pandas as pd

    from wfanalytics.present.exhibit import Told

_PART_OF_A_ROW = 'style="text-align:{align};padding:0.2em 0.6em;border-bottom:1px solid #b1b4b6"'
_TEXT = _PART_OF_A_ROW.format(align="left")
_NAME = _TEXT.replace("text-align", "font-weight:normal;text-align")
_NUMBER = _PART_OF_A_ROW.format(align="right")
#: Up to this many letters a cell, and a row's name, stay on one line.
_UNBROKEN, _UNBROKEN_NAME = 12, 26
#: A caption wraps in the reader's window and stays there while a wide table is scrolled.
_CAPTION = 'style="position:sticky;left:0;display:inline-block;max-width:min(54rem,85vw)"'


def asks_again(exhibit: Told) -> bool:
    """Whether the question stands below the headline: nothing to show, and not asked by it."""
    return exhibit.status == "unavailable" and exhibit.question not in exhibit.headline


def render_table(table: pd.DataFrame, *, caption: str) -> str:
    """A table as HTML: caption, column headers, first column as row headers, own scroll box.

    >>> import pandas as pd
    >>> print(render_table(pd.DataFrame({"Team": ["A & B"]}), caption="Teams"))
    <div role="region" ...<caption ...>Teams</span></caption>...
    ...A &amp; B</th></tr>
    </tbody></table></div>
    """
    shown = format_table(table)
    styles = [
        _NUMBER if is_number_column(table.iloc[:, i]) else _TEXT for i in range(table.shape[1])
    ]
    heads = "".join(
        f'<th scope="col" {style}>{escape(str(name))}</th>'
        for name, style in zip(table.columns, styles, strict=True)
    )
    rows = []
    for row in shown.itertuples(index=False, name=None):
        first = _keep_short(_NAME, row[0], most=_UNBROKEN_NAME)
        cells = [f'<th scope="row" {first}>{escape(row[0])}</th>']
        cells += [
            f"<td {_keep_short(style, cell)}>{escape(cell)}</td>"
            for cell, style in zip(row[1:], styles[1:], strict=True)
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    body = "\n".join(rows)
    name = escape(caption, quote=True)
    return (
        f'<div role="region" aria-label="{name}" tabindex="0" style="overflow-x:auto">'
        f'<table style="border-collapse:collapse">'
        f'<caption style="text-align:left;font-weight:bold">'
        f"<span {_CAPTION}>{escape(caption)}</span></caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _keep_short(style: str, cell: str, *, most: int = _UNBROKEN) -> str:
    is_short = len(cell) <= most
    return style.replace("text-align", "white-space:nowrap;text-align") if is_short else style


def render_image(png: bytes, *, key: str, alt_text: str, description: str) -> str:
    """A PNG as a figure that needs no other file, with its longer description beside it."""
    data = base64.b64encode(png).decode("ascii")
    longer = f"{escape(key, quote=True)}-description"
    return (
        f'<figure style="margin:1em 0"><img src="data:image/png;base64,{data}" '
        f'alt="{escape(alt_text, quote=True)}" aria-describedby="{longer}" '
        f'style="width:{CHART_WIDTH_CM}cm;max-width:100%;height:auto">'
        f"<figcaption><details><summary>The chart in words</summary>"
        f'<p id="{longer}">{escape(description)}</p></details></figcaption></figure>'
    )


def render_exhibit(exhibit: Told, *, png: bytes | None, level: int = 3) -> str:
    """An exhibit as HTML in the house order: sentence, chart, table, source and method.

    ``level`` is the heading's, 3 where the notebook has a title and sections.
    """
    heading = f"{escape(exhibit.key, quote=True)}-heading"
    parts = [
        f'<section aria-labelledby="{heading}">',
        f'<h{level} id="{heading}">{escape(exhibit.headline)}</h{level}>',
        f"<p><strong>{MANAGERS_ONLY}</strong></p>" if exhibit.audience == MANAGERS else "",
        f"<p>{escape(exhibit.question)}</p>" if asks_again(exhibit) else "",
        f"<p><strong>{escape(exhibit.subtitle)}</strong></p>" if exhibit.subtitle else "",
        *(f"<p>{escape(sentence)}</p>" for sentence in exhibit.sentences),
    ]
    if png is not None:
        parts.append(
            render_image(
                png,
                key=exhibit.key,
                alt_text=exhibit.alt_text,
                description=exhibit.description or exhibit.alt_text,
            )
        )
    if exhibit.table is not None:
        parts.append(render_table(exhibit.table, caption=exhibit.table_caption))
    for name, text in (("Explanation", exhibit.explanation), ("Action", exhibit.action)):
        parts.append(f"<p><strong>{name}:</strong> {escape(text)}</p>" if text else "")
    parts.append(f"<p>Source: {escape(exhibit.source)}</p>" if exhibit.source else "")
    if exhibit.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in exhibit.notes)
        parts.append(f"<p>Notes</p><ul>{notes}</ul>")
    parts.append("</section>")
    return "\n".join(part for part in parts if part)
