"""From saved exhibits to a finished pack: papermill, nbconvert and documents live here."""

import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

#: Templates of the pages and of the schedules.
TEMPLATES = Path(__file__).parent / "templates"

# nbformat imports jsonschema, which builds a grammar of international web addresses, if it can,
# as it is imported: a second, paid by every process, for a check that no notebook's schema makes.
if "jsonschema" not in sys.modules and "rfc3987_syntax" not in sys.modules:
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    with suppress(ImportError):
        import_module("jsonschema")
    del sys.modules["rfc3987_syntax"]
