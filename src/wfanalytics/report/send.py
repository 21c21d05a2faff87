"""A finished pack copied to where others read it: any address that fsspec knows.

A store of objects has no folder that could be put in place in one step. So the list of
fingerprints is taken away first and comes back last: what has no list is no pack.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from wfanalytics.errors import WfanalyticsError
from wfanalytics.report.verify import SUMS
from wfanalytics.thresholds import MANAGERS


def send_pack(pack: Path, address: str) -> str:
    """Copy a pack to ``<address>/<area>/<month>``, in place of the one there; where it is now.

    ``address`` is a folder or one fsspec knows, such as ``s3://bucket/reports`` (with s3fs
    installed). Each file is read back and compared before the list of fingerprints is written.

    Raises
    ------
    WfanalyticsError
        where it cannot be copied; what is there then has no list. For a pack that is for managers,
        which stays where it was made.
    """
    if pack.name.endswith(f"-{MANAGERS}"):
        raise WfanalyticsError(
            f"The report {pack.parent.name}/{pack.name} is for managers only and is not sent."
        )
    try:
        core = import_module("fsspec.core")
    except ImportError:
        raise WfanalyticsError(
            'Sending reports needs fsspec. Install it: pip install "wfanalytics[cluster]"'
        ) from None
    try:
        system, root = core.url_to_fs(address)
        place = f"{root.rstrip('/')}/{pack.parent.name}/{pack.name}"
        _copy(pack, system, place)
    except (OSError, ValueError, ImportError) as error:
        raise WfanalyticsError(
            f"The report could not be sent to {address} ({type(error).__name__}). Check the "
            "address and that you may write there, then run again with --resume."
        ) from error
    return str(system.unstrip_protocol(place))


def _copy(pack: Path, system: Any, place: str) -> None:
    paths = [path for path in sorted(pack.rglob("*")) if path.is_file() and path.name != SUMS]
    files = {f"{place}/{path.relative_to(pack).as_posix()}": path for path in paths}
    for old in sorted(system.find(place), key=lambda name: not name.endswith(SUMS)):
        system.rm_file(old)
    for name, path in files.items():
        system.makedirs(name.rpartition("/")[0], exist_ok=True)
        system.put_file(str(path), name)
        if system.cat_file(name) != path.read_bytes():
            raise OSError("not what was written")
    system.put_file(str(pack / SUMS), f"{place}/{SUMS}")
