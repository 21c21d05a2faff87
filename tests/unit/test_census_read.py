"""The census return as text: five years' shapes, any order, and every hostile file refused."""

from __future__ import annotations

import random
import time
import tracemalloc
import xml.etree.ElementTree as ET

import pandas as pd
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.census_files import STAFF, write

from wfanalytics.errors import InputError
from wfanalytics.raw import census_reader
from wfanalytics.raw.census import read_census
from wfanalytics.raw.census_shape import FIELD_YEARS, WORKER_FIELDS
from wfanalytics.sample.census_file import write_fictional_census

YEARS = (2021, 2022, 2023, 2024, 2025)
HEAD = (
    "<Message><Header><CollectionDetails><Collection>CSWW</Collection><Year>2023</Year>"
    "</CollectionDetails></Header>"
)
WORKER = "<CSWWWorker><AgencyWorker>0</AgencyWorker><SWENo>SW7654321</SWENo></CSWWWorker>"


def read_text(folder, text: str | bytes):
    path = folder / "return.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_census(path)


def refusal(folder, text: str | bytes) -> str:
    with pytest.raises(InputError) as error:
        read_text(folder, text)
    assert error.value.__context__ is None or error.value.__suppress_context__
    return str(error.value)


# --- shapes --------------------------------------------------------------------------------------
@pytest.mark.parametrize("year", YEARS)
def test_each_years_shape_is_read_whole(tmp_path, year):
    path = tmp_path / "census.xml"
    write_fictional_census(path, year=year, workers=60)
    found = read_census(path)
    assert (found.year, found.header["LEA"], len(found.workers)) == (year, "999", 60)
    assert found.notes.empty
    root = ET.parse(path).getroot()
    for row, worker in zip(found.workers.to_dict("records"), root.iter("CSWWWorker"), strict=True):
        assert {k: v for k, v in row.items() if v and k not in ("row", "line")} == {
            child.tag: child.text for child in worker if child.text
        }
    given = {name for name in WORKER_FIELDS if (found.workers[name] != "").any()}
    expected = {n for n in WORKER_FIELDS if year in range(*_span(n))}
    assert given == expected
    assert ("RecruitmentBonus" in found.authority) == (year == 2025)


def _span(name: str) -> tuple[int, int]:
    first, last = FIELD_YEARS.get(name, (2020, 2025))
    return first, last + 1


def test_line_and_number_of_each_worker(tmp_path):
    path = write(tmp_path, {}, {}, {})
    found = read_census(path).workers
    lines = path.read_text().splitlines()
    assert found["row"].tolist() == [1, 2, 3]
    assert [lines[n - 1].strip() for n in found["line"]] == ["<CSWWWorker>"] * 3


@pytest.mark.parametrize("block", ["LALevel", "LALevelVacancies"])
def test_either_name_of_the_authoritys_block(tmp_path, block):
    own = f"<{block}><NumberOfVacancies>2.00</NumberOfVacancies></{block}>"
    found = read_text(tmp_path, f"{HEAD}{own}{WORKER}</Message>")
    assert found.authority == {"NumberOfVacancies": "2.00"}


def test_elements_in_any_order_read_the_same_and_are_noted(tmp_path):
    path = tmp_path / "census.xml"
    write_fictional_census(path, year=2024, workers=40)
    straight = read_census(path)
    tree = ET.parse(path)
    for element in tree.iter():
        children = list(element)
        random.Random(5).shuffle(children)
        if element.tag != "Message":  # workers keep their order, so that rows can be compared
            element[:] = children
    tree.getroot()[:] = list(tree.getroot())[2:] + list(tree.getroot())[:2]
    tree.write(path, encoding="utf-8")
    mixed = read_census(path)
    pd.testing.assert_frame_equal(
        mixed.workers[list(WORKER_FIELDS)], straight.workers[list(WORKER_FIELDS)]
    )
    assert (mixed.header, mixed.authority) == (straight.header, straight.authority)
    assert set(mixed.notes["kind"]) == {"order"}
    assert {"Header", "LALevelVacancies"} <= set(mixed.notes["element"])


def test_unknown_elements_are_reported_and_left_alone(tmp_path):
    text = (
        f"{HEAD}<Extra><FTE>1</FTE></Extra>\n<CSWWWorker><SWENo>SW7654321</SWENo>"
        f"<Nickname>Zebedee<FTE>0.1</FTE></Nickname><FTE>0.5</FTE></CSWWWorker>\n{WORKER}</Message>"
    )
    found = read_text(tmp_path, text)
    assert found.workers["FTE"].tolist() == ["0.5", ""]
    assert found.notes.to_dict("records") == [
        {"kind": "unknown", "element": "Extra", "line": 1, "count": 1},
        {"kind": "unknown", "element": "CSWWWorker/FTE", "line": 2, "count": 1},
        {"kind": "unknown", "element": "CSWWWorker/Nickname", "line": 2, "count": 1},
    ]


def test_a_repeated_element_keeps_the_first(tmp_path):
    worker = "<CSWWWorker><FTE>0.5</FTE><FTE>0.7</FTE></CSWWWorker>"
    found = read_text(tmp_path, f"{HEAD}{worker}</Message>")
    assert found.workers["FTE"].tolist() == ["0.5"]
    assert found.notes[["kind", "element"]].to_numpy().tolist() == [["repeated", "CSWWWorker/FTE"]]


def test_text_inside_a_childs_tags_is_never_its_parents(tmp_path):
    worker = "<CSWWWorker>9<FTE>0.5<Part>0.7</Part></FTE>9<Cases30>3</Cases30>9</CSWWWorker>"
    found = read_text(tmp_path, f"{HEAD}{worker}</Message>").workers
    assert found.loc[0, ["FTE", "Cases30"]].tolist() == ["", "3"]


def test_a_return_prints_nobody(tmp_path):
    found = read_census(write(tmp_path))
    assert repr(found) == (
        f"CensusReturn(file='census_2023.xml', sha256='{found.sha256}', year=2023)"
    )


def test_namespaces_cdata_comments_and_character_references(tmp_path):
    text = f"""<?xml version="1.0" encoding="UTF-8"?><!-- a comment -->
    <c:Message xmlns:c="urn:x">{HEAD.removeprefix("<Message>")}<c:CSWWWorker><c:FTE> 0.5 </c:FTE>
    <QualInst><![CDATA[A & B]]> &amp; &#67;</QualInst></c:CSWWWorker></c:Message>"""
    found = read_text(tmp_path, text)
    assert found.workers.loc[0, ["FTE", "QualInst"]].tolist() == ["0.5", "A & B & C"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "cp1252"])
def test_encodings_that_are_read(tmp_path, encoding):
    name = {"utf-8-sig": "utf-8", "cp1252": "windows-1252"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{name}"?>{HEAD}'
    text += "<CSWWWorker><QualInst>Zoë</QualInst></CSWWWorker></Message>"
    assert read_text(tmp_path, text.encode(encoding)).workers["QualInst"].tolist() == ["Zoë"]


def test_a_pipe_of_small_pieces_reads_the_same(tmp_path, monkeypatch):
    path = tmp_path / "census.xml"
    write_fictional_census(path, year=2023, workers=20)
    whole = read_census(path)
    monkeypatch.setattr(census_reader, "_CHUNK", 7)
    monkeypatch.setattr(census_reader, "_ROWS", 3)
    pieces = read_census(path)
    pd.testing.assert_frame_equal(whole.workers, pieces.workers)
    assert whole.sha256 == pieces.sha256


# --- hostile and broken --------------------------------------------------------------------------
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "SW7654321"}">' for n in range(10)
)  # fmt: skip
DOCTYPES = {
    "billion laughs": f"<!DOCTYPE Message [{LAUGHS}]>{HEAD}<CSWWWorker><FTE>&l9;</FTE>",
    "in an attribute": f'<!DOCTYPE Message [{LAUGHS}]><Message a="&l9;">',
    "quadratic": f'<!DOCTYPE Message [<!ENTITY a "{"x" * 50_000}">]><Message>{"&a;" * 50_000}',
    "external": '<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"{HEAD}<CSWWWorker><FTE>&x;</FTE></CSWWWorker></Message>",
    "external DTD": f'<!DOCTYPE Message SYSTEM "http://127.0.0.1:9/x.dtd">{HEAD}{WORKER}</Message>',
    "parameter": '<!DOCTYPE Message [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>' + HEAD,
    "plain": f"<!DOCTYPE Message>{HEAD}{WORKER}</Message>",
    "web page": "<!DOCTYPE html><html><body>Sign in</body></html>",
    "after white space": f"{' ' * 60_000}<!DOCTYPE Message [{LAUGHS}]>{HEAD}&l9;",
    "UTF-16": f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE Message [{LAUGHS}]>{HEAD}&l9;',
}  # fmt: skip


@pytest.mark.parametrize("name", DOCTYPES)
def test_a_doctype_is_refused_before_it_can_do_anything(tmp_path, name):
    content = DOCTYPES[name].encode("utf-16" if name == "UTF-16" else "utf-8")
    tracemalloc.start()
    start = time.perf_counter()
    try:
        message = refusal(tmp_path, content)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert time.perf_counter() - start < 1
    assert message.startswith("return.xml, line 1: a DOCTYPE, which a census return never has.")
    assert "passwd" not in message
    assert "7654321" not in message


def test_an_entity_that_nobody_declared(tmp_path):
    assert refusal(tmp_path, f"{HEAD}\n<CSWWWorker><FTE>&x;</FTE>") == (
        "return.xml, line 2: not well-formed XML (undefined entity). "
        "Export the return again, or ask its supplier."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "return.xml, line 1: the file is empty."),
        ("SWENo,FTE\nSW7654321,1\n", "return.xml, line 1: not an XML file (syntax error)."),
        (b"PK\x03\x04\x14\x00\x06", "return.xml, line 1: not an XML file (not well-formed"),
        (" " * 100, "return.xml, line 1: the file is cut short."),
        ("<html><body/></html>", "return.xml, line 1: not a census return. Found '<html>'; "
                                 "allowed <Message>."),
        (f"{HEAD}\n<CSWWWorker>\n<SWENo>SW7654321</SW", "return.xml, line 3: the file is cut"),
        (f"{HEAD}\n<CSWWWorker>\n<SWENo>SW7654321", "return.xml, line 3: the file is cut short."),
        (f"{HEAD}\n{WORKER}\n", "return.xml, line 3: the file is cut short."),
        (f"{HEAD}\n<CSWWWorker>\n<SWENo>SW7654321</FTE>",
         "return.xml, line 3: not well-formed XML (mismatched tag)."),
        (f"{HEAD}{WORKER}</Message>\n<Message/>",
         "return.xml, line 2: not well-formed XML (junk after document element)."),
        (f"{HEAD}\n".encode() + b"<CSWWWorker><QualInst>Zo\xeb</QualInst>",
         "return.xml, line 2: not well-formed XML (not well-formed (invalid token))."),
        ('<?xml version="1.0" encoding="utf-7"?><Message/>',
         "return.xml, line 1: its encoding is not read. Allowed utf-8, utf-16,"),
        ('<?xml version="1.0" encoding="cp037"?><Message/>', "return.xml, line 1: its encoding"),
        ('<?xml version="1.0" encoding="utf-16"?><Message/>', "return.xml, line 1: not an XML"),
        (f"{HEAD}\n</Message>", "return.xml, line 2: the return has no workers. "
                                "Allowed one <CSWWWorker> or more."),
        (f"<Message>\n{WORKER}</Message>",
         "return.xml, line 1: not a return that can be read: Collection of its header. "
         "Found 'nothing'; allowed CSWW. Check that it is the CSWW return"),
        (f"\n{HEAD.replace('CSWW', 'CIN')}{WORKER}</Message>",
         "return.xml, line 2: not a return that can be read: Collection of its header. "
         "Found 'CIN'; allowed CSWW."),
        (f"{HEAD.replace('2023', '2019')}{WORKER}</Message>",
         "return.xml, line 1: not a return that can be read: Year of its header. "
         "Found '2019'; allowed 2020 to 2025."),
        (f"{HEAD.replace('2023', 'SW7654321')}{WORKER}</Message>",
         "return.xml, line 1: not a return that can be read: Year of its header. "
         "Found '(not shown)'; allowed 2020 to 2025."),
    ],
)  # fmt: skip
def test_a_file_that_is_no_return_is_refused_by_line(tmp_path, content, message):
    found = refusal(tmp_path, content)
    assert found.startswith(message)
    assert "7654321" not in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (f"{HEAD}<CSWWWorker><FTE>{'9' * 300_000}</FTE>", "an element with too much text"),
        (f"{HEAD}<CSWWWorker><FTE>{'9' * 10_001}</FTE>", "an element with too much text"),
        (f"{HEAD}<CSWWWorker {'a' * 3_000_000}", "a tag or comment without an end"),
        (f"{HEAD}<!-- {'a' * 3_000_000}", "a tag or comment without an end"),
        (f"<!-- {'a' * 3_000_000} -->", "nothing where the return should begin"),
        (f"{HEAD}<CSWWWorker>{'<a>' * 50}", "elements too deep within others"),
        (f"{HEAD}<CSWWWorker>{''.join(f'<a{n}/>' for n in range(500))}",
         "too many elements that a census return does not have"),
    ],
)  # fmt: skip
def test_limits_of_size_and_depth(tmp_path, content, message):
    assert f": {message}." in refusal(tmp_path, content)


@pytest.mark.parametrize(("limit", "most"), [("MAX_BYTES", 5_000), ("MAX_WORKERS", 10)])
def test_limits_of_the_whole_file(tmp_path, monkeypatch, limit, most):
    monkeypatch.setattr(census_reader, limit, most)
    monkeypatch.setattr(census_reader, "_CHUNK", 1_000)
    monkeypatch.setattr(census_reader, "_ROWS", 10)
    path = tmp_path / "return.xml"
    write_fictional_census(path, year=2023, workers=50)
    with pytest.raises(InputError, match=r"too large|too many workers"):
        read_census(path)


def test_a_folder_is_not_a_return(tmp_path):
    with pytest.raises(InputError, match="the file cannot be read"):
        read_census(tmp_path)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_damage_gives_a_return_or_one_refusal(tmp_path, data):
    content = bytearray(write(tmp_path, {}, {}).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(content) - 1))
        cut = data.draw(st.integers(0, 40))
        content[place : place + cut] = data.draw(st.binary(max_size=20))
    try:
        found = read_text(tmp_path, bytes(content))
    except InputError as error:
        assert str(error).startswith("return.xml, line ")  # noqa: PT017
        assert STAFF["PersonBirthDate"] not in str(error)  # noqa: PT017
    else:
        assert len(found.workers) >= 1


# --- memory --------------------------------------------------------------------------------------
def test_memory_grows_with_the_frame_and_nothing_else(tmp_path):
    """Peak above the finished frame: the same for 5,000 workers and for 20,000, within a third."""
    above = {}
    for count in (5_000, 20_000):
        path = tmp_path / f"{count}.xml"
        write_fictional_census(path, year=2025, workers=count)
        text_before = pyarrow.total_allocated_bytes()
        tracemalloc.start()
        found = read_census(path)
        held, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        # The text is in Arrow's memory, which tracemalloc does not see; 660 bytes of XML a worker.
        assert (pyarrow.total_allocated_bytes() - text_before) / count < 400
        assert held / count < 100
        above[count] = peak - held
        assert len(found.workers) == count
        del found
    assert above[5_000] / 5_000 < 4_000
    assert above[20_000] < above[5_000] * 4 / 3
