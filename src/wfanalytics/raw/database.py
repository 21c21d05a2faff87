"""Extracts that are queries of a database instead of files: read only, in pieces, as text.

The profile names an environment variable; the address in it, which may hold a password, is never
written anywhere. All queries of one database are read in one transaction, so that they show it at
one moment. SQLAlchemy comes with the extra ``sql``.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wfanalytics.errors import InputError
from wfanalytics.raw.area import Area
from wfanalytics.raw.books import write_value
from wfanalytics.raw.limits import check_extent, check_lengths
from wfanalytics.raw.tables import RawSheet, take_out_marks
from wfanalytics.settings import Source

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

CONNECT_SECONDS = 10
#: A year of a large council's caseload takes seconds; a query without an end takes for ever.
QUERY_SECONDS = 300
#: Rows fetched at a time.
CHUNK_ROWS = 10_000

_EXTRA = "Install it: pip install 'wfanalytics[sql]'"
# Texts, quoted names and comments, which may hold any word.
_QUIET = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$(\w*)\$.*?\$\1\$|--[^\n]*|/\*.*?\*/", re.DOTALL)
_CHANGES = re.compile(
    r"\b(insert|update|delete|merge|into|drop|alter|create|truncate|grant|revoke|call|copy|exec"
    r"|execute|do|set|commit|rollback|begin|attach|pragma|vacuum|lock)\b"
)
_REFUSED_LOGIN = re.compile(
    r"authentication failed|no password supplied|role .* does not exist|login failed|access denied"
    r"|no pg_hba.conf entry|permission denied for database",
    re.IGNORECASE,
)


def read_queries(sources: Mapping[str, Source]) -> dict[str, list[RawSheet]]:
    """The results of those sources that are queries: table -> sheets, one for each as-at date.

    Each database is read in one transaction, which shows it as it was at one moment.

    Raises
    ------
    InputError
        for a query that is more than one SELECT, a database that cannot be reached, refuses the
        login or takes too long, and a column that is no text, number or date.
    """
    queries = {table: source for table, source in sources.items() if source.query}
    for table, source in queries.items():
        check_query(source.query, table=table)
    found = {}
    for variable in dict.fromkeys(source.database for source in queries.values()):
        with _connect(variable) as connection:
            for table, source in queries.items():
                if source.database == variable:
                    with _plain_errors(table, time.monotonic()):
                        found[table] = _read_query(connection, table, source)
    return found


def add_queries(area: Area) -> Area:
    """The area with the results of its queries, read once; the same area where it has none."""
    if area.queried or not any(source.query for source in area.profile.sources.values()):
        return area
    sources = {str(table): source for table, source in area.profile.sources.items()}
    return replace(area, queried=read_queries(sources))


def check_query(query: str, *, table: str) -> str:
    """Return a query that is one SELECT, or WITH and SELECT; refuse any other.

    >>> check_query("select week, 'x;y' from cases;", table="caseload")
    "select week, 'x;y' from cases;"
    """
    words = _QUIET.sub(" ", query).strip().removesuffix(";").strip().lower()
    change = _CHANGES.search(words)
    is_one = re.match(r"(select|with)\b", words) and ";" not in words
    if not is_one or change or "\\'" in query or "'" in words:
        raise InputError(
            "the query may do more than read", file=_name(table),
            found=change[0] if change else None, allowed="one SELECT, or WITH ... SELECT",
            remedy="Change the query in profile.yml.",
        )  # fmt: skip
    return query


def hash_query(query: str) -> str:
    """SHA-256 of a query's text, spaces and line ends aside."""
    return hashlib.sha256(" ".join(query.split()).encode()).hexdigest()


def _name(table: str) -> str:
    return f"database: {table}"


@contextlib.contextmanager
def _connect(variable: str) -> Iterator[Connection]:
    """A connection in one read-only transaction, closed without a change."""
    engine = _make_engine(variable)
    is_postgresql = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        with _plain_errors(variable, time.monotonic(), is_connecting=True):
            connection = engine.connect()
        with connection:
            with _plain_errors(variable, time.monotonic(), is_connecting=True):
                if is_postgresql:
                    connection = connection.execution_options(**options)
                _limit(connection)
            yield connection
            connection.rollback()
    finally:
        engine.dispose()


def _make_engine(variable: str) -> Engine:
    try:
        import sqlalchemy
    except ImportError:
        raise InputError("reading from a database needs SQLAlchemy", remedy=_EXTRA) from None
    try:
        url = sqlalchemy.make_url(os.environ.get(variable, ""))
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        _check_file(url, variable)
        is_remote = url.get_backend_name() == "postgresql"
        arguments = {"connect_timeout": CONNECT_SECONDS} if is_remote else {}
        return sqlalchemy.create_engine(url, connect_args=arguments, hide_parameters=True,
                                        poolclass=sqlalchemy.NullPool)  # fmt: skip
    except ImportError:
        raise InputError(
            "the database's driver is not installed", file=f"environment variable {variable}",
            remedy=f"For PostgreSQL: {_EXTRA[12:]}",
        ) from None  # fmt: skip
    except (sqlalchemy.exc.ArgumentError, ValueError):
        raise InputError(
            "no address of a database", file=f"environment variable {variable}",
            allowed="such as postgresql://host/name",
            remedy="Set the variable; ask whoever keeps the database for its address.",
        ) from None  # fmt: skip


def _check_file(url: URL, variable: str) -> None:
    """SQLite would make a database that is not there, and find it empty."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise InputError("the database's file is not there",
                         file=f"environment variable {variable}",
                         remedy="Correct the path in the address.")  # fmt: skip


def _limit(connection: Connection) -> None:
    """Bound a statement's time, and let nothing be written, as far as the database can."""
    backend = connection.dialect.name
    if backend == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = {QUERY_SECONDS * 1000}")
        # A timestamp with a zone is the day it was in England, as in a file.
        connection.exec_driver_sql("SET LOCAL TIME ZONE 'Europe/London'")
    elif backend == "sqlite":
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.exec_driver_sql("BEGIN")
        raw: Any = connection.connection.driver_connection
        end = time.monotonic() + QUERY_SECONDS
        raw.set_progress_handler(lambda: time.monotonic() > end, 100_000)


def _read_query(connection: Connection, table: str, source: Source) -> list[RawSheet]:
    options = {"stream_results": True, "no_parameters": True}
    result = connection.exec_driver_sql(source.query, execution_options=options)
    heads = list(result.keys())
    lines: list[list[str]] = []
    for rows in result.partitions(CHUNK_ROWS):
        for row in rows:
            lines.append([_text(cell, head, table) for cell, head in zip(row, heads, strict=True)])
            check_lengths(lines[-1], file=_name(table), row=len(lines) + 1)
        check_extent(len(lines), len(heads), file=_name(table))
    # Without ORDER BY a database may give the same rows in another order.
    content = "\n".join(sorted("\t".join(line) for line in [heads, *lines]))
    digest = hashlib.sha256(content.encode()).hexdigest()
    sheets = _split(heads, lines, source.as_at_column, table)
    return [
        take_out_marks(RawSheet(_name(table), name, [heads, *part], digest))
        for name, part in sheets.items()
    ]


def _split(
    heads: list[str], lines: list[list[str]], column: str, table: str
) -> dict[str, list[list[str]]]:
    """Lines by their as-at date, which becomes the sheet's name; one sheet without a name."""
    if not column:
        return {"": lines}
    if column not in heads:
        raise InputError(
            "the query has no column for as_at_column", file=_name(table), found=column,
            allowed=", ".join(heads), remedy="Name it as the query does.",
        )  # fmt: skip
    place = heads.index(column)
    parts: dict[str, list[list[str]]] = {}
    for line in lines:
        parts.setdefault(line[place], []).append(line)
    return dict(sorted(parts.items())) or {"": []}


def _text(cell: object, head: str, table: str) -> str:
    """A value as a file would hold it."""
    if type(cell) is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return write_value(cell.replace(tzinfo=None))
    if isinstance(cell, UUID):
        return str(cell)
    if isinstance(cell, Decimal):
        return format(cell.normalize(), "f")
    if isinstance(cell, bool | int | float | datetime.date):
        return write_value(cell)
    raise InputError(
        "a column that is no text, number or date", file=_name(table), column=head,
        found=type(cell).__name__, remedy="Leave it out of the query, or cast it to text.",
    )  # fmt: skip


@contextlib.contextmanager
def _plain_errors(what: str, started: float, *, is_connecting: bool = False) -> Iterator[None]:
    """A database's error as one sentence, without the address and without a row of data."""
    import sqlalchemy.exc

    try:
        yield
    except sqlalchemy.exc.SQLAlchemyError as error:
        place = f"environment variable {what}" if is_connecting else _name(what)
        raise explain_error(error, place, is_connecting, time.monotonic() - started) from None


def explain_error(error: Exception, place: str, is_connecting: bool, seconds: float) -> InputError:
    """What an analyst can do about a database's error."""
    cause = getattr(error, "orig", None)
    text = str(cause or "")
    if _REFUSED_LOGIN.search(text):
        return InputError("the database refuses the login", file=place,
                          remedy="Check the user and password in the address.")  # fmt: skip
    if is_connecting:
        return InputError(
            "the database cannot be reached", file=place,
            remedy="Check the address, the network and that it is running.",
        )  # fmt: skip
    state = str(getattr(cause, "sqlstate", "") or "")
    if state == "57014" or text == "interrupted" or seconds > QUERY_SECONDS:
        return InputError(
            "the query took too long", file=place, allowed=f"{QUERY_SECONDS} seconds",
            remedy="Ask for fewer columns or months, or for an index.",
        )  # fmt: skip
    # Errors about the query's own words name no data; any other might quote a row.
    is_about_words = state.startswith("42") or text.startswith(("no such", "near "))
    message = getattr(getattr(cause, "diag", None), "message_primary", None) or text
    return InputError(
        "the query fails", file=place,
        found=message if is_about_words else state or type(cause or error).__name__,
        remedy="Try it in the database's own tool, and correct it in profile.yml.",
    )  # fmt: skip
