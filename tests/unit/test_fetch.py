"""Fetching from a real server on this machine: good, broken, slow and misleading answers."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from wfanalytics import settings
from wfanalytics.errors import InputError
from wfanalytics.raw import download
from wfanalytics.raw.fetch import RECORD, FetchResult, fetch_published, find_fetched

KEYS = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,"
    "region_name,old_la_code,new_la_code,la_name"
)
FIGURES = {
    "inpost_fte": "494.5", "inpost_headcount": "536", "leavers_fte": "49.5",
    "leavers_headcount": "54", "turnover_rate_fte": "10", "turnover_rate_headcount": "10.1",
    "agency_fte": "75.9", "agency_headcount": "78", "agency_rate_fte": "13.3",
    "agency_rate_headcount": "12.7", "agency_cover_fte": "75.9", "agency_cover_rate_fte": "100",
    "vacancy_fte": "56.3", "vacancy_rate_fte": "10.2", "vacancy_agency_cover_rate_fte": "134.8",
    "case_holders_fte": "225", "cases": "3770", "caseload_fte": "16.8",
    "working_days_lost_fte": "3005", "absence_rate_fte": "2.4",
}  # fmt: skip
AREA = "Reporting year,Local authority,E92000001,England,E12000008,South East,938,E10000032,W"


def dfe_file(*years: int, cases: str = "3770") -> bytes:
    figures = ",".join((FIGURES | {"cases": cases}).values())
    lines = [f"{KEYS},{','.join(FIGURES)}", *(f"{year},{AREA},{figures}" for year in years)]
    return ("\n".join(lines) + "\n").encode()


GOOD = dfe_file(2023, 2017)
PAGE = b"<!DOCTYPE html>\n<html><body>Service unavailable</body></html>\n"


class Server(ThreadingHTTPServer):
    """Answers by path; ``asked`` counts the requests to each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: dict[str, int] = {}
        self.files: dict[str, bytes] = {"/good.csv": GOOD, "/page": PAGE}
        self.released = threading.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def answer(
        self, status: int, body: bytes = b"", *, claims: int | None = None, **more: str
    ) -> None:
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if claims is None else claims))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        asked = self.server.asked[self.path] = self.server.asked.get(self.path, 0) + 1
        here, elsewhere = "/good.csv", f"http://localhost:{self.server.server_port}/good.csv"
        cut, size = GOOD[:-40], len(GOOD)
        answers = {
            "/cut.csv": lambda: self.answer(200, cut, claims=size),
            "/cut-once.csv": lambda: self.answer(200, GOOD if asked > 1 else cut, claims=size),
            "/cut-silently.csv": lambda: self.answer(200, cut),
            "/busy-once.csv": lambda: self.answer(200 if asked > 1 else 503, GOOD),
            "/broken.csv": lambda: self.answer(500, b"error"),
            "/packed.csv": lambda: self.answer(200, b"\x1f", **{"Content-Encoding": "gzip"}),
            "/hang.csv": lambda: self.server.released.wait(10),
            "/drip.csv": self.drip,
            "/broken-off.csv": self.break_off,
            "/moved.csv": lambda: self.answer(302, Location=here),
            "/elsewhere.csv": lambda: self.answer(302, Location=elsewhere),
            "/disk.csv": lambda: self.answer(302, Location="file:///etc/hostname"),
            "/round.csv": lambda: self.answer(302, Location="/round.csv"),
            "/reset.csv": lambda: None,
        }
        if self.path in self.server.files:
            self.answer(200, self.server.files[self.path])
        else:
            answers.get(self.path, lambda: self.answer(404, b"not found"))()

    def break_off(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"400\r\n" + GOOD[:100])

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for byte in GOOD:
            if self.server.released.wait(0.05):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield running
        running.released.set()
        running.shutdown()
        thread.join()


def get(server: Server, path: str, folder: Path, **options: float) -> FetchResult:
    options = {"timeout": 5.0, "attempts": 3, "wait": 0.001} | options
    return fetch_published(server.url(path), folder, **options)  # type: ignore[arg-type]


def refusal(server: Server, path: str, folder: Path, **options: float) -> str:
    """The message for a bad download, after proof that a good file before it is untouched."""
    before = get(server, "/good.csv", folder)
    files = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(InputError) as caught:
        get(server, path, folder, **options)
    assert {path: path.read_bytes() for path in folder.iterdir()} == files
    assert find_fetched(folder) == before.path
    text = str(caught.value)
    assert "Files fetched before are untouched." in text
    return text.replace(f"http://127.0.0.1:{server.server_port}", "http://server")


def test_a_good_file_is_kept_named_and_recorded(server: Server, tmp_path: Path) -> None:
    result = get(server, "/good.csv", tmp_path / "new" / "folder")
    assert result.path == tmp_path / "new" / "folder" / "dfe_2017_to_2023.csv"
    assert result.path.read_bytes() == GOOD
    assert (result.vintage, result.bytes, result.changed) == ("DfE 2017 to 2023", len(GOOD), True)
    record = json.loads((result.path.parent / RECORD).read_text())
    assert record[0].pop("fetched_at").endswith("+00:00")
    assert record == [
        {
            "file": "dfe_2017_to_2023.csv", "address": server.url("/good.csv"),
            "vintage": "DfE 2017 to 2023", "sha256": result.sha256, "bytes": len(GOOD),
        }
    ]  # fmt: skip
    assert sorted(path.name for path in result.path.parent.iterdir()) == [
        "dfe_2017_to_2023.csv",
        "fetched.json",
    ]
    assert find_fetched(result.path.parent) == result.path


def test_the_same_file_again_is_not_a_change(server: Server, tmp_path: Path) -> None:
    first, second = get(server, "/good.csv", tmp_path), get(server, "/good.csv", tmp_path)
    assert (first.changed, second.changed) == (True, False)
    assert len(json.loads((tmp_path / RECORD).read_text())) == 1


def test_a_revision_replaces_and_a_new_vintage_stands_beside(
    server: Server, tmp_path: Path
) -> None:
    get(server, "/good.csv", tmp_path)
    server.files["/good.csv"] = dfe_file(2023, 2017, cases="3771")
    revised = get(server, "/good.csv", tmp_path)
    assert (revised.path.name, revised.changed) == ("dfe_2017_to_2023.csv", True)
    server.files["/good.csv"] = dfe_file(2024, 2017)
    newer = get(server, "/good.csv", tmp_path)
    assert newer.path.name == "dfe_2017_to_2024.csv"
    assert revised.path.read_bytes() == dfe_file(2023, 2017, cases="3771")
    assert find_fetched(tmp_path) == newer.path


@pytest.mark.parametrize("path", ["/busy-once.csv", "/cut-once.csv"])
def test_a_passing_fault_is_tried_again(server: Server, tmp_path: Path, path: str) -> None:
    assert get(server, path, tmp_path).path.read_bytes() == GOOD
    assert server.asked[path] == 2


def test_a_server_error_that_stays(server: Server, tmp_path: Path) -> None:
    assert refusal(server, "/broken.csv", tmp_path) == (
        "http://server/broken.csv: the server answered 500 Internal Server Error (3 attempts). "
        "Check the connection and try again later. Files fetched before are "
        "untouched."
    )
    assert server.asked["/broken.csv"] == 3


def test_a_missing_page_is_not_tried_again(server: Server, tmp_path: Path) -> None:
    assert refusal(server, "/gone.csv", tmp_path) == (
        "http://server/gone.csv: the server answered 404 Not Found. Check the address on the "
        "data set's page. Files fetched before are untouched."
    )
    assert server.asked["/gone.csv"] == 1


def test_a_file_shorter_than_announced(server: Server, tmp_path: Path) -> None:
    found = refusal(server, "/cut.csv", tmp_path, attempts=2)
    assert f"the file is cut short: {len(GOOD) - 40} of {len(GOOD)} bytes (2 attempts)." in found


def test_a_file_cut_short_without_saying_so(server: Server, tmp_path: Path) -> None:
    found = refusal(server, "/cut-silently.csv", tmp_path)
    assert "http://server/cut-silently.csv, row 3: the last line has no line end" in found


def test_a_web_page_answered_with_200(server: Server, tmp_path: Path) -> None:
    found = refusal(server, "/page", tmp_path)
    assert found.startswith("http://server/page, row 1: a web page, not a CSV file. Found ")


def test_a_packed_answer(server: Server, tmp_path: Path) -> None:
    found = refusal(server, "/packed.csv", tmp_path)
    assert "the answer is packed in a way not asked for. Found 'gzip'" in found


@pytest.mark.parametrize("path", ["/hang.csv", "/drip.csv"])
def test_a_server_that_hangs_or_drips(server: Server, tmp_path: Path, path: str) -> None:
    get(server, "/good.csv", tmp_path)
    started = time.monotonic()
    found = refusal(server, path, tmp_path, timeout=0.2, attempts=2)
    assert time.monotonic() - started < 3
    assert f"http://server{path}: the server did not answer in time (2 attempts)." in found
    assert server.asked[path] == 2


@pytest.mark.parametrize("path", ["/reset.csv", "/broken-off.csv"])
def test_a_connection_closed_before_the_end(server: Server, tmp_path: Path, path: str) -> None:
    found = refusal(server, path, tmp_path)
    assert f"{path}: the connection broke (3 attempts)." in found
    assert server.asked[path] == 3


def test_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/good.csv"
    with pytest.raises(InputError, match=r"no connection to the server .* \(1 attempt\)\."):
        fetch_published(url, tmp_path, timeout=2, attempts=1)


def test_a_redirect_within_the_server(server: Server, tmp_path: Path) -> None:
    assert get(server, "/moved.csv", tmp_path).path.read_bytes() == GOOD


def test_a_redirect_to_another_server_without_https(server: Server, tmp_path: Path) -> None:
    assert refusal(server, "/elsewhere.csv", tmp_path) == (
        "http://server/elsewhere.csv: the server sends this address to another that is not "
        f"secure. Found 'http://localhost:{server.server_port}'; allowed https, or the same "
        "server. Check the address on the data set's page. Files fetched before are "
        "untouched."
    )


@pytest.mark.parametrize("path", ["/round.csv", "/disk.csv"])
def test_a_redirect_in_a_circle_or_to_a_disk(server: Server, tmp_path: Path, path: str) -> None:
    found = refusal(server, path, tmp_path)
    assert f"{path}: the server answered 302 Found, a redirect that leads nowhere safe." in found


def test_a_file_too_large(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    get(server, "/good.csv", tmp_path)
    server.files["/large.csv"] = b"x" * 3000
    monkeypatch.setattr(download, "MAX_BYTES", 2000)
    assert "the file is too large to be DfE's." in refusal(server, "/large.csv", tmp_path)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "ftp://example.org/a", "example.org/a.csv", "https://", "http://[x/",
            "http://a b/", "http://example.org:port/"],
)  # fmt: skip
def test_only_web_addresses(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a web address"):
        fetch_published(url, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_a_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="the folder cannot be written"):
        get(server, "/good.csv", tmp_path / "file")
    assert server.asked == {}


def test_nothing_fetched_yet(tmp_path: Path) -> None:
    assert find_fetched(tmp_path) is None
    assert find_fetched(tmp_path / "no such folder") is None


def test_a_fetched_file_edited_since(server: Server, tmp_path: Path) -> None:
    path = get(server, "/good.csv", tmp_path).path
    path.write_bytes(dfe_file(2023, 2017, cases="1"))
    with pytest.raises(InputError, match="not the file that was fetched"):
        find_fetched(tmp_path)
    assert get(server, "/good.csv", tmp_path).changed
    assert find_fetched(tmp_path) == path


@pytest.mark.parametrize("text", ["{", '[{"path": 1}]', "[1]"])
def test_a_record_that_is_not_one(tmp_path: Path, text: str) -> None:
    (tmp_path / RECORD).write_text(text)
    with pytest.raises(InputError, match="not readable as a record of what was fetched"):
        find_fetched(tmp_path)


def test_the_shipped_address_is_secure_and_marked_as_not_reached(project_root: Path) -> None:
    download.check_address(settings.PUBLISHED_URL)
    assert settings.PUBLISHED_URL.startswith("https://explore-education-statistics.service.gov.uk/")
    source = (project_root / "src" / "wfanalytics" / "settings.py").read_text(encoding="utf-8")
    assert "NOT REACHED" in source.partition("PUBLISHED_URL =")[0]


def test_the_reference_file_over_the_network(
    server: Server, tmp_path: Path, reference_dir: Path
) -> None:
    source = reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv"
    server.files["/csww.csv"] = source.read_bytes()
    result = get(server, "/csww.csv", tmp_path)
    assert result.path.read_bytes() == source.read_bytes()
    assert (result.vintage, result.bytes) == ("DfE 2017 to 2023", 224_459)
