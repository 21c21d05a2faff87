"""Nothing unmasked leaves, nothing leaves but through the gate, and the log says what did."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from datetime import UTC, datetime
from typing import get_type_hints

import pandas as pd
import pytest

from wfanalytics.errors import WfanalyticsError
from wfanalytics.report.release import Gate, Masked
from wfanalytics.report.verify import verify_pack
from wfanalytics.thresholds import Disclosure

WHEN = datetime(2020, 10, 5, 9, 0, tzinfo=UTC)
ROWS = pd.DataFrame(
    {
        "measure": ["agency_headcount", "agency_headcount", "leavers_headcount"],
        "area_level": ["team", "service", "service"],
        "numerator": [None, 8.0, None],
        "status": ["suppressed", "ok", "suppressed"],
    }
)
WORKER, CHILD, POST = "0069be784f89d328", "0035ec52e7e4b731", "P1041"
TABLES = {
    "workers": pd.DataFrame({"worker_id": [WORKER, ""], "post_id": [POST, "17"], "team": "North"}),
    "allocations": pd.DataFrame({"child_id": [CHILD]}),
}


@pytest.fixture
def gate(tmp_path):
    return Gate(tmp_path, Masked(ROWS, rules=Disclosure()), tables=TABLES)


def test_the_log_says_what_was_released_by_which_rules_and_what_was_withheld(gate, tmp_path):
    gate.write("charts/a.txt", "words")
    log = gate.release(when=WHEN)
    assert json.loads((tmp_path / "release.json").read_text(encoding="utf-8")) == log
    assert log["released"] == "2020-10-05T09:00:00+00:00"
    assert (log["audience"], log["rules"]["smallest_count"]) == ("public", 5)
    assert list(log["files"]) == ["charts/a.txt"]
    assert log["withheld"] == [
        {"measure": "agency_headcount", "level": "team", "figures": 1,
         "why": "rests on few people, or would give away a figure that does: agency_headcount"},
        {"measure": "leavers_headcount", "level": "service", "figures": 1,
         "why": "shown for the authority only"},
    ]  # fmt: skip
    (tmp_path / "manifest.json").write_text('{"area": "x", "inputs": []}', encoding="utf-8")
    assert verify_pack(tmp_path) == ("manifest.json: was added.",)


FEW = {"measure": "inpost_headcount", "numerator": 4.0}
MONTHLY = {"measure": "starters_headcount", "numerator": 30.0}


@pytest.mark.parametrize("changes", [FEW, MONTHLY])
def test_unmasked_figures_cannot_be_made_into_masked_ones(changes):
    with pytest.raises(WfanalyticsError, match="of a service is not masked"):
        Masked(ROWS.iloc[[1]].assign(**changes), rules=Disclosure())


def test_a_shown_count_that_is_rounded_down_is_masked_all_the_same():
    six, five = {"smallest_count": 6}, ROWS.iloc[[1]].assign(numerator=5.0)
    assert Masked(five, rules=Disclosure(**six, rounded_to=5)).rules.rounded_to == 5
    with pytest.raises(WfanalyticsError, match="is not masked"):
        Masked(five, rules=Disclosure(**six))


def test_the_gate_takes_masked_figures_and_no_frame(tmp_path):
    assert get_type_hints(Gate.__init__)["masked"] is Masked
    with pytest.raises(TypeError, match="masked figures only"):
        Gate(tmp_path, ROWS, tables={})


def test_a_file_written_around_the_gate_or_changed_behind_it_stops_the_run(gate, tmp_path):
    gate.write("manifest.json", "{}")
    (tmp_path / "charts").mkdir()
    (tmp_path / "charts" / "extra.csv").write_text("a,b", encoding="utf-8")
    with pytest.raises(WfanalyticsError, match=r"charts/extra\.csv did not come through the"):
        gate.release(when=WHEN)
    (tmp_path / "charts" / "extra.csv").unlink()
    (tmp_path / "manifest.json").write_text("{ }", encoding="utf-8")
    with pytest.raises(WfanalyticsError, match=r"manifest\.json did not come through the"):
        gate.release(when=WHEN)
    assert not (tmp_path / "release.json").exists()


def test_rows_of_workers_in_an_executed_notebook_stop_the_release(gate, tmp_path):
    cell = {"cell_type": "code", "source": "data.tables['workers'].head()",
            "outputs": [{"data": {"text/plain": "  worker_id  fte\n0  W1  1.0"}}]}  # fmt: skip
    with pytest.raises(WfanalyticsError, match=r"notebooks/x\.ipynb shows rows of workers"):
        gate.write("notebooks/x.ipynb", json.dumps({"cells": [cell]}))
    assert list(tmp_path.iterdir()) == []


def make_picture(kind: bytes, text: bytes) -> bytes:
    """A PNG of no size that holds one chunk of text."""
    data = {b"tEXt": b"Comment\0" + text, b"iTXt": b"Comment\0\0\0\0\0" + text,
            b"zTXt": b"Comment\0\0" + zlib.compress(text)}[kind]  # fmt: skip
    chunk = len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
    filler = (600).to_bytes(4) + b"IDAT" + bytes(600) + zlib.crc32(b"IDAT" + bytes(600)).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + filler + chunk


def make_zip(**files: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return saved.getvalue()


def plant(word: str) -> dict[str, bytes]:
    """A file of each kind a pack has, with a word in it."""
    text = word.encode()
    picture = make_picture(b"zTXt", b"made of " + text)
    encoded = base64.b64encode(picture)
    output = {"data": {"text/plain": f"0\n{word}\n1", "image/png": "x"}}
    drawn = {"data": {"image/png": encoded.decode()}}
    return {
        "index.html": b"<p>Of " + text + b"</p>",
        "page.html": b'<img src="data:image/png;base64,' + encoded + b'">',
        "charts/a.svg": b"<svg><text>" + text + b"</text></svg>",
        "charts/a.csv": b"name,people\r\n" + text + b",9\r\n",
        "charts/a.txt": b"Alt text: " + text + b".",
        "charts/a.json": json.dumps({"rows": [["\n" + word]]}).encode(),
        "charts/a.png": picture,
        "charts/b.png": make_picture(b"tEXt", text),
        "charts/c.png": make_picture(b"iTXt", text),
        "paper.docx": make_zip(document=b"<w:t>" + text + b"</w:t>", picture=b"x" * 50),
        "drawn.docx": make_zip(image=picture),
        "tables.xlsx": make_zip(strings=b"<si><t>" + text + b"</t></si>"),
        "notebooks/a.ipynb": json.dumps({"cells": [{"outputs": [output]}]}).encode(),
        "notebooks/b.ipynb": json.dumps({"cells": [{"outputs": [drawn]}]}).encode(),
        "failure.md": b"# Failed at " + text,
        "manifest.json": json.dumps({"inputs": [{"file": word}]}).encode(),
    }


@pytest.mark.parametrize("name", plant(""))
@pytest.mark.parametrize("word", [WORKER, CHILD, POST])
def test_somebodys_number_stops_the_run_in_every_kind_of_file(gate, tmp_path, name, word):
    with pytest.raises(WfanalyticsError) as caught:
        gate.write(name, plant(word)[name])
    assert str(caught.value).startswith(f"The report was stopped: {name} shows rows of workers, ")
    assert word not in str(caught.value)
    assert list(tmp_path.rglob("*.*")) == []


def test_other_words_pass_the_gate_as_they_are(gate, tmp_path):
    # A longer fingerprint that holds a pseudonym, a post's number in a word, a number alone.
    for name, content in plant(f"{WORKER}{CHILD} X{POST} 17 North").items():
        assert gate.write(name, content).read_bytes() == content
    assert len(gate.release(when=WHEN)["files"]) == len(plant(""))


def test_a_number_with_a_stroke_is_found_too(tmp_path):
    tables = {"posts": pd.DataFrame({"post_id": ["CS-0441"]})}
    gate = Gate(tmp_path, Masked(ROWS, rules=Disclosure()), tables=tables)
    gate.write("a.txt", "Section CS 0441")
    with pytest.raises(WfanalyticsError, match=r"b\.txt shows rows"):
        gate.write("b.txt", "Post CS-0441.")


def test_a_file_of_a_notebooks_process_is_moved_through_the_gate(gate, tmp_path):
    other = tmp_path.parent / "drawn.csv"
    other.write_bytes(b"a,b")
    assert gate.take(other, "charts/drawn.csv").read_bytes() == b"a,b"
    assert not other.exists()
