"""Which areas a batch is about: all there are, a list, or a file of names."""

from __future__ import annotations

from pathlib import Path

from wfanalytics.errors import InputError
from wfanalytics.measures.published_area import list_published_areas

ALL = "all"


def list_areas(
    areas: str, *, month: str, source: str, published_file: str, data_dir: Path
) -> tuple[str, ...]:
    """Names of areas, each once, in order.

    ``areas`` is ``all`` (every folder with a profile or, for published figures, every authority
    with figures by ``month``), names with commas between, or a text file with one a line.

    Raises
    ------
    InputError
        when there is none.
    """
    if areas == ALL and source == "published":
        names = list(list_published_areas(month, published_file=published_file, data_dir=data_dir))
    elif areas == ALL:
        names = sorted(path.parent.name for path in (data_dir / "raw").glob("*/profile.yml"))
    elif Path(areas).is_file():
        names = Path(areas).read_text(encoding="utf-8-sig").splitlines()
    else:
        names = areas.split(",")
    found = tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not found:
        raise InputError(
            "no area was found", file=data_dir / "raw",
            allowed="all, names with commas between, or a file of names",
        )  # fmt: skip
    return found
