"""An exhibit shown in a notebook, saved as a paste kit and read back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from wfanalytics.errors import InputError, WfanalyticsError
from wfanalytics.present.exhibit import Exhibit, read_exhibit, show, write_exhibit
from wfanalytics.present.picture import render_png
from wfanalytics.present.style import new_figure, styled

SVG = "{http://www.w3.org/2000/svg}"
ALT = "Line chart: leavers – First 2, last 4."


@styled
def make_figure():
    figure = new_figure()
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.plot([1, 2], [2, 4])
    axes.set_title("A & B <c>")
    return figure


def make_exhibit(**changes):
    given = {
        "key": "leavers",
        "question": "Who left?",
        "headline": "Leavers rose to 4 <script>",
        "subtitle": "Leavers & starters, Exampleshire",
        "sentences": ("There were 4 leavers.", 'Said "so".'),
        "figure": make_figure(),
        "alt_text": ALT,
        "description": "The long text.",
        "table": pd.DataFrame({"Team": ["North", "=SUM(A1)"], "Leavers": [4, 0]}),
        "table_caption": "Leavers by team",
        "source": "Human resources",
        "notes": ("Small numbers.",),
    }
    return Exhibit(**{**given, **changes})


def test_saved_exhibit_reads_back_the_same(tmp_path):
    exhibit = make_exhibit()
    saved = read_exhibit(write_exhibit(exhibit, tmp_path))
    for name in ("key", "headline", "subtitle", "sentences", "alt_text", "source", "notes"):
        assert getattr(saved, name) == getattr(exhibit, name)
    assert saved.table.to_numpy().tolist() == [["North", 4], ["=SUM(A1)", 0]]
    assert sorted(saved.files) == ["leavers.csv", "leavers.png", "leavers.svg", "leavers.txt"]
    assert saved.path("png") == tmp_path / "leavers.png"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*saved.files, "leavers.json"])


def test_saved_files_carry_their_fingerprints(tmp_path):
    saved = read_exhibit(write_exhibit(make_exhibit(), tmp_path))
    for name, fingerprint in saved.files.items():
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == fingerprint


def test_same_exhibit_gives_the_same_bytes(tmp_path):
    write_exhibit(make_exhibit(), tmp_path / "one")
    write_exhibit(make_exhibit(), tmp_path / "two")
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_picture_is_16_cm_wide_at_300_dpi_and_carries_its_alt_text(tmp_path):
    write_exhibit(make_exhibit(), tmp_path)
    with Image.open(tmp_path / "leavers.png") as image:
        assert image.width / 300 * 2.54 == pytest.approx(16, abs=0.02)
        assert image.height / 300 * 2.54 == pytest.approx(8.5, abs=0.02)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.info["Description"] == ALT
        assert "Software" not in image.info


def test_a_picture_of_few_colours_keeps_each_flat_one_and_most_shades():
    figure, full = make_exhibit().figure, io.BytesIO()
    figure.savefig(full, format="png", dpi=300)
    small = render_png(figure, alt_text="x")
    assert len(small) < len(full.getvalue()) / 2
    with Image.open(io.BytesIO(small)) as few, Image.open(full) as many:
        assert few.mode == "P"
        one, other = (np.asarray(image.convert("RGB")).astype(int) for image in (few, many))
    difference = abs(one - other).max(axis=2)
    assert (difference > 0).mean() < 0.01
    found, counts = np.unique(other.reshape(-1, 3), axis=0, return_counts=True)
    for colour in found[counts > 500]:
        assert difference[(other == colour).all(axis=2)].max() == 0, colour


def test_a_picture_of_very_many_colours_keeps_them_all():
    figure = Figure(figsize=(2, 2))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(np.random.default_rng(1).random((200, 200, 3)))
    with Image.open(io.BytesIO(render_png(figure, alt_text="x"))) as image:
        assert image.mode == "RGB"


def test_svg_text_is_text_with_title_and_description(tmp_path):
    write_exhibit(make_exhibit(), tmp_path)
    root = ET.parse(tmp_path / "leavers.svg").getroot()
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Leavers rose to 4 <script>"
    assert root.find(f"{SVG}desc").text == ALT
    texts = [text for text in root.iter(f"{SVG}text")]
    assert "A & B <c>" in [text.text for text in texts]
    fonts = "'DejaVu Sans', Verdana, Arial, sans-serif"
    assert all(fonts in text.get("style") for text in texts)


def test_svg_has_no_date_and_no_program(tmp_path):
    write_exhibit(make_exhibit(), tmp_path)
    text = (tmp_path / "leavers.svg").read_text()
    assert "<dc:date>" not in text
    assert "Matplotlib" not in text


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+44", "'+44"),
        ("-cmd", "'-cmd"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1", "' =1"),
        ("-5.0", "-5.0"),
        ("−5.0%", "−5.0%"),
        ("7.0%", "7.0%"),
        (-5.5, "-5.5"),
        (None, ""),
    ],
)
def test_csv_cell_is_never_a_formula(cell, written, tmp_path):
    table = pd.DataFrame({"Team": ["a"], "x": pd.Series([cell], dtype=object)})
    write_exhibit(make_exhibit(table=table), tmp_path)
    with (tmp_path / "leavers.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1][1] == written


def test_csv_opens_in_excel_as_utf8_and_headings_are_harmless(tmp_path):
    write_exhibit(make_exhibit(table=pd.DataFrame({"=Team": ["Zoë"]})), tmp_path)
    data = (tmp_path / "leavers.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig") == "'=Team\r\nZoë\r\n"


def test_caption_file_holds_headline_alt_text_and_source(tmp_path):
    write_exhibit(make_exhibit(), tmp_path)
    text = (tmp_path / "leavers.txt").read_text(encoding="utf-8")
    for part in ("Leavers rose to 4 <script>", ALT, "Human resources", "There were 4 leavers."):
        assert part in text


def test_record_says_missing_as_null(tmp_path):
    table = pd.DataFrame({"Team": ["a"], "FTE": pd.array([None], dtype="Float64")})
    path = write_exhibit(make_exhibit(table=table), tmp_path)
    assert json.loads(path.read_text())["table"]["data"] == [["a", None]]


def test_exhibit_without_picture_removes_an_older_picture(tmp_path):
    write_exhibit(make_exhibit(), tmp_path)
    write_exhibit(make_exhibit(figure=None, table=None, status="failed"), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["leavers.json", "leavers.txt"]
    saved = read_exhibit(tmp_path / "leavers.json")
    assert (saved.status, saved.table, saved.path("png")) == ("failed", None, None)


def test_changed_file_is_noticed(tmp_path):
    path = write_exhibit(make_exhibit(), tmp_path)
    (tmp_path / "leavers.csv").write_text("edited")
    with pytest.raises(InputError, match=r"leavers\.csv: missing, or changed since it was saved"):
        read_exhibit(path)


@pytest.mark.parametrize("text", ["", "[]", '{"key": "x"}'])
def test_damaged_record_is_one_message(text, tmp_path):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"x\.json: not a saved exhibit\. Run the notebook"):
        read_exhibit(path)


def test_notebook_display_is_escaped_and_has_alt_text():
    html = make_exhibit()._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "Leavers rose to 4 &lt;script&gt;" in html
    assert f'alt="{ALT}"' in html
    assert re.search(r'src="data:image/png;base64,[A-Za-z0-9+/=]{100}', html)
    assert "<caption" in html
    assert 'scope="col"' in html
    assert 'scope="row"' in html


def test_display_says_sentences_before_picture_before_table():
    html = make_exhibit()._repr_mimebundle_()["text/html"]
    order = ["<h3", "There were 4", "<figure", "<table", "Source: Human", "Small numbers"]
    places = [html.index(part) for part in order]
    assert places == sorted(places)


def test_picture_is_drawn_once(tmp_path):
    exhibit = make_exhibit()
    assert exhibit.png is exhibit.png
    write_exhibit(exhibit, tmp_path)
    assert (tmp_path / "leavers.png").read_bytes() == exhibit.png


def test_show_saves_only_where_asked(tmp_path):
    show(make_exhibit())
    assert list(tmp_path.iterdir()) == []
    show(make_exhibit(), output_dir=tmp_path)
    assert (tmp_path / "leavers.json").is_file()


@pytest.mark.parametrize("key", ["", "../x", "Leavers", "a b", "a\n"])
def test_key_must_name_a_file(key):
    with pytest.raises(WfanalyticsError, match="cannot name a file"):
        make_exhibit(key=key)


def test_picture_needs_alt_text_and_not_too_much():
    with pytest.raises(WfanalyticsError, match="'leavers' has no alt text"):
        make_exhibit(alt_text=" ")
    with pytest.raises(WfanalyticsError, match="has 251 characters; allowed 250"):
        make_exhibit(alt_text="a" * 251)


def test_a_file_that_cannot_be_put_in_place_leaves_nothing_half_written(tmp_path):
    (tmp_path / "leavers.txt").mkdir()
    with pytest.raises(OSError):  # noqa: PT011
        write_exhibit(make_exhibit(), tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
