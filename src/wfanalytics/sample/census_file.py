"""Write fictional census returns (CSWW) of any year from 2021 to 2025, for tests and trials.

Every worker is invented from the seed. A return written by :func:`write_fictional_census` breaks
none of the rules of ``docs/census.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from wfanalytics.errors import ParameterError

_ALLOWANCES = {
    "RecruitmentBonus": "2", "RetentionBonus": "1", "PerformanceAward": "0", "CarAllowance": "2",
    "RelocationPackage": "0", "RegionalWeighting": "0", "CostSWE": "1", "CostDBS": "1",
    "OtherAllowances": "",
}  # fmt: skip
_ETHNICITIES = ("WBRI", "WBRI", "WBRI", "WOTH", "AIND", "BAFR", "BCRB", "MOTH", "REFU")
#: Every tenth worker is an agency worker, and every twelfth of the others has left.
_AGENCY_EACH, _LEAVER_EACH = 10, 12


def write_fictional_census(
    path: Path, *, year: int, workers: int = 300, seed: int = 2020, vacancies: str | None = None
) -> None:
    """Write a whole return of ``workers`` rows in the shape of ``year``.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "census.xml"
    ...     write_fictional_census(path, year=2024, workers=3)
    ...     path.read_text().count("<Sex>")
    3
    """
    agency = workers // _AGENCY_EACH
    authority = {
        "NumberOfVacancies": vacancies or f"{workers * 0.12:.2f}",
        "NoAgencyFTE": f"{agency * 0.8:.2f}",
        "NoAgencyHeadcount": str(agency),
    }
    if year == 2025:
        authority |= _ALLOWANCES
    write_census(path, make_workers(workers, year=year, seed=seed), year=year, authority=authority)


def write_census(
    path: Path,
    workers: Iterable[Mapping[str, str]],
    *,
    year: int,
    authority: Mapping[str, str],
    header: Mapping[str, str] | None = None,
    is_compact: bool = False,
) -> None:
    """Write a return with exactly these elements; ``header`` replaces some of the usual ones.

    ``is_compact`` writes each worker on one line, as some systems do.
    """
    head = {"Collection": "CSWW", "Year": str(year), "ReferenceDate": f"{year}-09-30",
            "SourceLevel": "L", "LEA": "999", "SoftwareCode": "wfanalytics sample",
            "DateTime": f"{year}-11-02T09:30:00"} | dict(header or {})  # fmt: skip
    names = list(head)
    block = "LALevel" if year == 2025 else "LALevelVacancies"
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n  <Header>\n')
        for group, part in (("CollectionDetails", names[:3]), ("Source", names[3:])):
            lines = _lines({name: head[name] for name in part}, indent=6)
            stream.write(f"    <{group}>\n{lines}    </{group}>\n")
        stream.write(f"  </Header>\n  <{block}>\n{_lines(authority)}  </{block}>\n")
        for worker in workers:
            stream.write(_element_of(worker, is_compact=is_compact))
        stream.write("</Message>\n")


def _element_of(worker: Mapping[str, str], *, is_compact: bool) -> str:
    if not is_compact:
        return f"  <CSWWWorker>\n{_lines(worker)}  </CSWWWorker>\n"
    elements = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in worker.items())
    return f"<CSWWWorker>{elements}</CSWWWorker>\n"


def _lines(elements: Mapping[str, str], *, indent: int = 4) -> str:
    space = " " * indent
    return "".join(f"{space}<{name}>{escape(text)}</{name}>\n" for name, text in elements.items())


def make_workers(count: int, *, year: int, seed: int) -> Iterator[dict[str, str]]:
    """Invented workers, one after another, each with the elements of ``year`` in its order."""
    if not 2021 <= year <= 2025:
        raise ParameterError(f"The year {year} is not one of 2021 to 2025.")
    random = Random(seed)
    for number in range(1, count + 1):
        if number % _AGENCY_EACH == 0:
            worker = _make_agency(random, number, year)
        else:
            worker = _make_staff(random, number, year, is_leaver=number % _LEAVER_EACH == 0)
        yield worker


def _make_agency(random: Random, number: int, year: int) -> dict[str, str]:
    return {
        "AgencyWorker": "1", "SWENo": f"SW{1_000_000 + number}", "FTE": "1.000000",
        **_sex(random, year), "OrgRole": "5", "FTE30": "1.000000",
        "Cases30": str(random.randint(8, 20)),
    }  # fmt: skip


def _make_staff(random: Random, number: int, year: int, *, is_leaver: bool) -> dict[str, str]:
    fte = random.choice(("1.000000", "1.000000", "0.800000", "0.600000"))
    role = random.choice("345556") if number % 50 else "2"
    birth = date(year - random.randint(30, 64), random.randint(1, 12), random.randint(1, 28))
    # Leavers started before the census year: who starts and leaves within it is in neither flow.
    months = random.randint(13 if is_leaver else 0, 100)
    start = date(year, 9, 30) - timedelta(days=30 * months + random.randint(0, 29))
    worker = {
        "AgencyWorker": "0", "SWENo": f"SW{1_000_000 + number}", "FTE": fte,
        "PersonBirthDate": birth.isoformat(), **_sex(random, year),
        "Ethnicity": random.choice(_ETHNICITIES),
        **({"QualInst": "University of Exampleshire"} if year < 2025 else {}),
        "QualLevel": random.choice("123"), "StepUpGrad": "0", "OrgRole": role,
        "RoleStartDate": start.isoformat(), "StartOrigin": random.choice("12345678"),
    }  # fmt: skip
    if is_leaver:
        end = date(year, 9, 29) - timedelta(days=random.randint(0, 360))
        worker |= {"RoleEndDate": end.isoformat(), "LeaverDestination": random.choice("1234567"),
                   "ReasonLeave": random.choice("1578")}  # fmt: skip
    cases = random.randint(6, 20) if role in "45" and not is_leaver else 0
    is_absent = not is_leaver and random.random() < 0.03
    worker |= {
        "FTE30": "0" if is_leaver else fte, "Cases30": str(cases),
        "WorkingDaysLost": f"{random.choice((0, 0, 0, 2, 5.5, 21)):.2f}", "ContractWeeks": "52.0",
        "FrontlineGrad": random.choice("01"), "Absat30Sept": "1" if is_absent else "0",
    }  # fmt: skip
    if is_absent:
        worker["ReasonAbsence"] = random.choice(("MAT", "SIC"))
    if year < 2025:
        return worker | {"CFKSSstatus": "1" if start.year == year else "2"}
    return worker | {
        "BaseSalary": f"{random.randint(34, 56)}500.00",
        "RRPayments": random.choice(("0.00", "1500.00")),
        "OtherPayments": "0.00",
    }


def _sex(random: Random, year: int) -> dict[str, str]:
    is_female = random.random() < 0.8
    if year >= 2024:
        return {"Sex": "F" if is_female else "M"}
    return {"GenderCurrent": "2" if is_female else "1"}
