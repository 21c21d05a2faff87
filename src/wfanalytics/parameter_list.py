"""Every parameter a notebook of ours may take: its type, and what it means."""

from __future__ import annotations

from typing import Literal

from wfanalytics.settings import SettingsModel


class ParameterSpec(SettingsModel):
    """One parameter a notebook may take: its type, and what it means."""

    name: str
    kind: Literal["text", "month", "number", "choice"]
    meaning: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    optional: bool = False


#: Every parameter any notebook of ours takes; a notebook takes a subset.
PARAMETERS: dict[str, ParameterSpec] = {
    spec.name: spec
    for spec in (
        ParameterSpec(
            name="area",
            kind="text",
            meaning="folder under data/raw, or an authority's published name",
        ),
        ParameterSpec(name="month", kind="month", meaning="last month reported, such as 2020-09"),
        ParameterSpec(
            name="source",
            kind="choice",
            choices=("local", "published"),
            meaning="local extracts, or DfE's published figures",
        ),
        ParameterSpec(
            name="published_file",
            kind="text",
            optional=True,
            meaning="a DfE workforce file; empty for the newest fetched, else the shipped table",
        ),
        ParameterSpec(
            name="audience",
            kind="choice",
            choices=("public", "managers"),
            meaning="public, or managers, for whom counts of few people are shown",
        ),
        ParameterSpec(
            name="service",
            kind="text",
            optional=True,
            meaning="a service whose agency staff are counted; empty for the one with most",
        ),
        ParameterSpec(
            name="since",
            kind="month",
            optional=True,
            meaning="month from which a change is counted, such as 2019-02; None for a year before",
        ),
        ParameterSpec(
            name="vacancy_target",
            kind="number",
            low=0,
            high=100,
            optional=True,
            meaning="uncovered vacancy target in per cent; None for the area's targets.csv",
        ),
        ParameterSpec(
            name="caseload_low",
            kind="number",
            low=0,
            high=100,
            optional=True,
            meaning="lowest caseload of the band; None for the area's targets.csv",
        ),
        ParameterSpec(
            name="caseload_high",
            kind="number",
            low=0,
            high=100,
            optional=True,
            meaning="highest caseload of the band; None for the area's targets.csv",
        ),
        ParameterSpec(
            name="then",
            kind="month",
            optional=True,
            meaning="the month to compare with; empty for the first inspection, else a year before",
        ),
        ParameterSpec(
            name="scenario",
            kind="text",
            optional=True,
            meaning="a scenario of outlook.yml set beside the baseline; empty for the first",
        ),
        ParameterSpec(
            name="horizon",
            kind="number",
            low=1,
            high=12,
            optional=True,
            meaning="months projected, at most twelve; None for six, or what outlook.yml says",
        ),
        ParameterSpec(
            name="seed",
            kind="number",
            low=1,
            high=4_000_000_000,
            optional=True,
            meaning="the simulation's seed; the same seed gives the same figures",
        ),
        ParameterSpec(
            name="output_dir",
            kind="text",
            optional=True,
            meaning="folder that receives charts, captions and tables; empty saves nothing",
        ),
        ParameterSpec(
            name="reports_dir",
            kind="text",
            optional=True,
            meaning="folder of earlier reports, to say what has moved; empty compares nothing",
        ),
        ParameterSpec(
            name="data_dir",
            kind="text",
            optional=True,
            meaning="the project's data folder; empty to find it",
        ),
    )
}
