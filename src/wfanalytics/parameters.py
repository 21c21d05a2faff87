"""Parameters of notebooks and of the command line, checked before anything is read.

papermill passes on any name and guesses types: a misspelt name changes nothing and says
nothing, and ``-p area 0301`` arrives as the number 301. Here both are refused.
"""

from __future__ import annotations

import ast
import math
import os
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from wfanalytics.errors import ParameterError, show_text, unknown_name
from wfanalytics.parameter_list import PARAMETERS, ParameterSpec
from wfanalytics.periods import parse_month

Value = str | float | None

#: How a notebook's own first check is recognised among the cells that were run.
_CHECK_NAME = "check_parameters"
#: A password inside an address or a setting, and names of environment variables that hold one.
_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]+@|(password|passwd|pwd|secret|token|key)\s*=", re.I)
_SECRET_NAME = re.compile(r"password|passwd|secret|token|credential|database_url|_key$", re.I)
_SHORTEST_SECRET = 8
#: IPython keeps the text of every cell that was run under this name.
_HISTORY = "In"


def check_parameters(
    values: Mapping[str, Any], *, allowed: Collection[str] | None = None
) -> dict[str, Value]:
    """Known parameters with their declared types, or an error naming the first fault.

    ``values`` is a plain mapping, or a notebook's ``globals()``: then the names looked at are
    those set by the cells run up to the notebook's own check, papermill's among them.
    ``allowed`` limits the names to those one notebook takes.

    Raises
    ------
    ParameterError
        for an unknown name (with the nearest), a wrong type, a number out of bounds, an
        impossible month, a band upside down, a secret.

    >>> check_parameters({"month": "2020-09", "caseload_low": 13})
    {'month': '2020-09', 'caseload_low': 13.0}
    >>> check_parameters({"mnth": "2020-09"}, allowed=["area", "month"])
    Traceback (most recent call last):
    ...
    wfanalytics.errors.ParameterError: Unknown parameter 'mnth'. Did you mean 'month'? \
Known: area, month.
    """
    known = PARAMETERS if allowed is None else [name for name in PARAMETERS if name in allowed]
    if _HISTORY in values:
        names = _find_notebook_names(values[_HISTORY])
        values = {name: values[name] for name in names if name in values}
    checked: dict[str, Value] = {}
    for name, value in values.items():
        if name not in known:
            raise ParameterError(unknown_name("parameter", name, known))
        _refuse_secret(name, value)
        checked[name] = _check_value(PARAMETERS[name], value)
    _check_band(checked)
    return checked


def parse_parameters(given: Mapping[str, object], *, allowed: Collection[str]) -> dict[str, Value]:
    """Parameters as typed on a command line: the declared kind decides the type, never a guess.

    ``None`` or nothing stands for "not set" where a parameter may be left out.

    >>> parse_parameters({"area": "0301", "vacancy_target": "7"},
    ...                  allowed=["area", "vacancy_target"])
    {'area': '0301', 'vacancy_target': 7.0}
    """
    for name, value in given.items():
        if name not in allowed:
            raise ParameterError(unknown_name("parameter", name, allowed))
        _refuse_secret(name, value)
    values = {name: _parse_value(PARAMETERS[name], value) for name, value in given.items()}
    return check_parameters(values, allowed=allowed)


def _refuse_secret(name: str, value: object) -> None:
    """Parameters are printed in every executed notebook and manifest, so none may be a secret."""
    held = [text for key, text in os.environ.items()
            if _SECRET_NAME.search(key) and len(text) >= _SHORTEST_SECRET]  # fmt: skip
    text = str(value)
    if _PASSWORD.search(text) or any(secret in text for secret in held):
        raise ParameterError(
            f"Parameter {name!r} holds a password or key, and every parameter is written into the "
            "report. Keep secrets in environment variables; leave it out."
        )


def _find_notebook_names(history: Iterable[str]) -> list[str]:
    """Plain names assigned by the cells run up to the notebook's first check.

    Later cells are left out: an analyst who tries something and runs the notebook again from
    the top has not set a parameter.
    """
    names: dict[str, None] = {}
    for text in history:
        try:
            tree = ast.parse(text)
        except SyntaxError:  # an IPython command, such as %matplotlib
            continue
        is_check = any(_calls_check(node) for node in ast.walk(tree))
        if is_check:
            break
        targets = (node.targets for node in tree.body if isinstance(node, ast.Assign))
        flat = (target for group in targets for target in group)
        names |= {target.id: None for target in flat if isinstance(target, ast.Name)}
    return [name for name in names if not name.startswith("_")]


def _calls_check(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).endswith(_CHECK_NAME)


def _parse_value(spec: ParameterSpec, value: object) -> object:
    if not isinstance(value, str) or spec.kind != "number" or value in ("", "None"):
        return None if value == "None" else value
    try:
        return float(value)
    except ValueError:
        raise ParameterError(
            f"Parameter {spec.name!r} must be a number; found {show_text(repr(value))}."
        ) from None


def _check_value(spec: ParameterSpec, value: Any) -> Value:
    if spec.optional and (value is None or value == ""):
        return "" if spec.kind == "text" else None
    if spec.kind == "number":
        return _check_number(spec, value)
    if not isinstance(value, str):
        raise ParameterError(
            f"Parameter {spec.name!r} must be text; found {show_text(repr(value))}. Write it in "
            f"quotes; with papermill pass it with -r, not -p: -r {spec.name} TEXT."
        )
    if spec.kind == "month":
        parse_month(value)
    if spec.kind == "choice" and value not in spec.choices:
        raise ParameterError(unknown_name(spec.name, value, spec.choices))
    if not value.strip():
        raise ParameterError(f"Parameter {spec.name!r} is empty. It is the {spec.meaning}.")
    return value


def _check_number(spec: ParameterSpec, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ParameterError(
            f"Parameter {spec.name!r} must be a number; found {show_text(repr(value))}."
        )
    low, high = spec.low, spec.high
    if (low is not None and value < low) or (high is not None and value > high):
        raise ParameterError(f"Parameter {spec.name!r} is {value:g}; allowed {low:g} to {high:g}.")
    if spec.name.endswith("_target") and 0 < value < 1:
        raise ParameterError(
            f"Parameter {spec.name!r} is {value:g}, which would be less than one per cent. "
            f"Write per cent: {value * 100:g} for {value * 100:g}%."
        )
    return float(value)


def _check_band(values: Mapping[str, Value]) -> None:
    low, high = values.get("caseload_low"), values.get("caseload_high")
    if isinstance(low, float) and isinstance(high, float) and low >= high:
        raise ParameterError(
            f"The caseload band is upside down: caseload_low is {low:g} and caseload_high is "
            f"{high:g}. The lowest must be below the highest."
        )
