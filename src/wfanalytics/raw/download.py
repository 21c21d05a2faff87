"""One file downloaded over http or https within limits of time and size.

Standard library only: urllib follows the proxy settings councils use, and the rest (retries,
limits, careful redirects) has to be ours with any client.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from wfanalytics import __version__
from wfanalytics.errors import InputError

#: DfE's file is about 0.3 MB; anything near this is another file.
MAX_BYTES = 50 * 2**20
_CHUNK = 64 * 2**10
#: What an analyst wants to know first when a download fails.
KEPT = "Files fetched before are untouched."


class _TryAgainError(Exception):
    """A fault that may pass: no connection, a time-out, a server error, a short answer."""


def check_address(url: str) -> None:
    """Refuse what is not an http or https address with a host."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_address = is_address and parts.port != 0 and not re.search(r"[\s\x00-\x1f]", url)
    except ValueError:
        is_address = False
    if not is_address:
        raise InputError(
            "not a web address", file=url, allowed="an address starting https:// or http://",
            remedy="Copy the CSV address from the data set's page.",
        )  # fmt: skip


def download(url: str, file: IO[bytes], *, timeout: float, attempts: int, wait: float) -> None:
    """Write what ``url`` answers into ``file``, whole, or raise an InputError.

    ``timeout`` is the seconds one attempt may take from connecting to the last byte; ``wait``
    the seconds before the second, doubled before each further one. Faults that may pass are
    tried again: no connection, a time-out, a server error, a file cut short. Others are not.
    """
    for attempt in range(1, attempts + 1):
        file.seek(0)
        file.truncate()
        try:
            return _download_once(url, file, deadline=time.monotonic() + timeout)
        except _TryAgainError as error:
            if attempt == attempts:
                tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
                raise InputError(
                    f"{error} ({tries})", file=url,
                    remedy=f"Check the connection and try again later. {KEPT}",
                ) from None  # fmt: skip
        time.sleep(wait * 2 ** (attempt - 1))


def _download_once(url: str, file: IO[bytes], *, deadline: float) -> None:
    with _open(url, deadline) as response:
        encoding = response.headers.get("Content-Encoding", "identity")
        if encoding != "identity":
            raise InputError(
                "the answer is packed in a way not asked for", file=url, found=encoding,
                allowed="plain text", remedy=KEPT,
            )  # fmt: skip
        size = 0
        while chunk := _read(response, deadline):
            size += len(chunk)
            if size > MAX_BYTES:
                raise InputError(
                    "the file is too large to be DfE's", file=url,
                    found=f"more than {MAX_BYTES // 2**20} MB", remedy=KEPT,
                )  # fmt: skip
            file.write(chunk)
        expected = response.headers.get("Content-Length", "")
    if expected.isdigit() and int(expected) != size:
        raise _TryAgainError(f"the file is cut short: {size} of {expected} bytes")


def _open(url: str, deadline: float) -> Any:
    request = urllib.request.Request(url, headers={
        "User-Agent": f"wfanalytics/{__version__}", "Accept": "text/csv, */*;q=0.1",
        "Accept-Encoding": "identity",
    })  # fmt: skip
    try:
        opener = urllib.request.build_opener(_CarefulRedirects)
        return opener.open(request, timeout=_remaining(deadline))
    except urllib.error.HTTPError as error:
        error.close()
        raise _refusal(error.code, url) from None
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            raise InputError(
                "the server's certificate could not be checked", file=url,
                remedy="Ask your IT service for the organisation's certificate, and name its "
                f"file in SSL_CERT_FILE. {KEPT}",
            ) from None  # fmt: skip
        raise _passing_fault(error.reason) from None
    except (OSError, http.client.HTTPException) as error:
        raise _passing_fault(error) from None


def _refusal(code: int, url: str) -> Exception:
    answer = f"the server answered {code} {http.client.responses.get(code, '')}".strip()
    if code >= 500:
        return _TryAgainError(answer)
    if code < 400:
        answer += ", a redirect that leads nowhere safe"
    return InputError(answer, file=url, remedy=f"Check the address on the data set's page. {KEPT}")


def _passing_fault(reason: object) -> _TryAgainError:
    if isinstance(reason, TimeoutError):
        return _TryAgainError("the server did not answer in time")
    if isinstance(reason, http.client.HTTPException | ConnectionResetError | BrokenPipeError):
        return _TryAgainError("the connection broke")
    return _TryAgainError(f"no connection to the server ({reason})")


def _read(response: Any, deadline: float) -> bytes:
    try:
        _remaining(deadline)
        chunk: bytes = response.read1(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        is_late = isinstance(error, TimeoutError)
        raise _passing_fault(error if is_late else ConnectionResetError()) from None
    return chunk


def _remaining(deadline: float) -> float:
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _CarefulRedirects(urllib.request.HTTPRedirectHandler):
    """Follow a redirect to https, or within one host and scheme; refuse any other."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        old, new = urlsplit(req.full_url), urlsplit(urljoin(req.full_url, newurl))
        is_same = (old.scheme, old.netloc) == (new.scheme, new.netloc)
        if new.scheme != "https" and not is_same:
            fp.close()
            raise InputError(
                "the server sends this address to another that is not secure",
                file=req.full_url, found=f"{new.scheme}://{new.netloc}",
                allowed="https, or the same server",
                remedy=f"Check the address on the data set's page. {KEPT}",
            )  # fmt: skip
        return super().redirect_request(req, fp, code, msg, headers, newurl)
