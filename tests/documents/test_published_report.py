"""The report of an authority from the Department's own file, by a parameter."""

from __future__ import annotations

import json

from tests.documents.accessibility import check_page, find_headings, text_of

from wfanalytics.report.run import run_report


def test_an_authority_from_the_published_file(project_root, reference_dir, tmp_path):
    file = reference_dir / "dfe" / "csww_indicators_2017_to_2023.csv"
    pack = run_report(
        "West Sussex",
        month="2023-09",
        output=tmp_path,
        parameters={"source": "published", "published_file": str(file)},
        data_dir=project_root / "data",
    )
    assert pack.exit_code == 0
    assert pack.folder == tmp_path / "west-sussex" / "2023-09"
    page = check_page(pack.page)
    title = "West Sussex: workforce and caseload, September 2023"
    assert find_headings(page)[0] == (1, title)
    assert "published_file csww_indicators_2017_to_2023.csv." in text_of(page)
    assert str(reference_dir) not in text_of(page)
    manifest = json.loads((pack.folder / "manifest.json").read_text("utf-8"))
    assert file.name in [item["file"] for item in manifest["inputs"]]
