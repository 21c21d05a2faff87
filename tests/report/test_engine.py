"""The forked kernel gives what a plain one gives, and nothing one notebook does reaches another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest
from tests.notebooks.executed import comparable
from tests.small_project import LOAD, write_notebook

from wfanalytics.errors import ParameterError
from wfanalytics.report.engine import run_notebook
from wfanalytics.report.fork import ForkedKernel
from wfanalytics.report.jobs import Job, run_jobs
from wfanalytics.report.notebooks import mark_stopped, read_notebook
from wfanalytics.report.server import choose_engine, warm_server, work_beside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")

#: One awkward notebook; each cell is one thing a home-made runner gets wrong.
ODD = (
    "1 + 1",
    "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
    "import os, subprocess\nos.write(1, b'by descriptor\\n')\n"
    "_ = subprocess.run(['echo', 'child'])",
    "from IPython.display import HTML, Markdown, SVG, display\ndisplay(HTML('<b>x</b>'))\n"
    "display({'text/plain': 'two'}, raw=True, metadata={'a': 1})\nMarkdown('*m*')",
    "handle = display('first', display_id='here')\nhandle.update('second')",
    "from IPython.display import clear_output\nprint('gone')\nclear_output()\nprint('kept')",
    "%%capture caught\nprint('hidden')",
    "caught.stdout, sys.argv[0], __name__",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]}).style.set_uuid('x')",
    "import matplotlib, matplotlib.pyplot as plt\nplt.plot([1, 2]);",
    "print(matplotlib.get_backend(), sorted(matplotlib.rcParams.items()) == 0, plt.get_fignums())",
    "import warnings\nwarnings.warn('careful')",
    "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "from ipywidgets import IntSlider\nslider = IntSlider(3)\nprint(slider.value)",
    "!echo shell",
    "import random, pickle\nclass Thing: pass\nlen(pickle.dumps(Thing())) > 0",
)


def run(folder: Path, *cells: str, engine: str, tags: dict[int, list[str]] | None = None):
    """Run a notebook of these cells; how it ended and the saved notebook."""
    path = folder / f"{engine}.ipynb"
    write_notebook(path, *cells, title="Odd")
    if tags:
        content = nbformat.read(path, as_version=4)
        for number, names in tags.items():
            content.cells[3 + number].metadata["tags"] = names
        nbformat.write(content, path)
    (folder / engine).mkdir()
    output = folder / engine / "odd.ipynb"
    job = Job(read_notebook(path), output, {"month": "2020-09"}, folder / engine)
    (ended,) = run_jobs([job], engine=engine)
    return ended, nbformat.read(output, as_version=4)


def test_odd_cells_are_as_in_a_plain_kernel(tmp_path):
    plain, expected = run(tmp_path, *ODD, engine="plain")
    forked, found = run(tmp_path, *ODD, engine="fork")
    assert (plain.status, forked.status) == ("done", "done")
    assert comparable(found) == comparable(expected)
    random = {"papermill": 0, "widgets": 0}
    assert {**found.metadata, **random} == {**expected.metadata, **random}
    states = [next(iter(x.metadata.widgets.values())).state for x in (found, expected)]
    assert len(states[0]) == len(states[1]) == 3
    assert found.metadata.papermill.keys() == expected.metadata.papermill.keys()


@pytest.mark.parametrize(
    ("cells", "tags"),
    [
        (["print('before')", "1 / 0", "print('never')"], None),
        (["1 / 0", "print('after')"], {0: ["raises-exception"]}),
        (["import sys\nsys.exit(3)", "print('after')"], None),
        (["raise KeyboardInterrupt"], None),
        (["def broken(:"], None),
        (["input('name?')"], None),
    ],
)
def test_errors_are_as_in_a_plain_kernel(tmp_path, cells, tags):
    plain, expected = run(tmp_path, *cells, engine="plain", tags=tags)
    forked, found = run(tmp_path, *cells, engine="fork", tags=tags)
    assert (forked.status, forked.problem) == (plain.status, plain.problem)
    assert comparable(found) == comparable(expected)


def test_papermill_itself_finds_the_engine_by_its_entry_point(tmp_path):
    write_notebook(tmp_path / "in.ipynb", "import sys\n'wfanalytics.report.warm' in sys.modules",
                   title="Warm")  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "papermill",
        "--engine",
        "wfanalytics",
        "in.ipynb",
        "out.ipynb",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    shown = [out["data"]["text/plain"] for cell in cells for out in cell.get("outputs", [])]
    assert shown == ["True"]


def test_a_dead_kernel_is_a_failed_notebook_that_says_so(tmp_path):
    plain, expected = run(tmp_path, "import os\nos._exit(11)", engine="plain")
    forked, found = run(tmp_path, "import os\nos._exit(11)", engine="fork")
    assert (forked.status, forked.problem) == (plain.status, plain.problem)
    assert forked.problem == "its Python stopped or took too long (DeadKernelError)"
    for saved in (expected, found):
        assert saved.metadata.papermill.exception is True
        code = [cell for cell in saved.cells if cell.cell_type == "code"]
        assert code[-1].metadata.papermill.status == "failed"


def run_side_by_side(folder: Path, *notebooks: tuple[str, ...], at_once: int = 1):
    jobs = []
    for number, cells in enumerate(notebooks):
        path = folder / f"{number:02}_x.ipynb"
        write_notebook(path, *cells, title=f"Number {number}")
        (folder / str(number)).mkdir()
        output = folder / f"out{number}.ipynb"
        jobs.append(Job(read_notebook(path), output, {}, folder / str(number)))
    runs = run_jobs(jobs, engine="fork", at_once=at_once)
    return runs, [nbformat.read(job.output, as_version=4) for job in jobs if job.output.exists()]


def printed(notebook) -> list[str]:
    return [
        output.text.strip()
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stdout"
    ]


LOOK = (
    "import os, threading, matplotlib, pandas as pd, math\n"
    "print(matplotlib.rcParams['font.size'], pd.get_option('display.max_rows'),"
    " os.environ.get('LEFT'), threading.active_count() < 20, math.pi)"
)
DIRTY = (
    "import os, threading, time, matplotlib, pandas as pd, math\n"
    "matplotlib.rcParams['font.size'] = 99\npd.set_option('display.max_rows', 7)\n"
    "os.environ['LEFT'] = 'behind'\nmath.pi = 3\n"
    "for _ in range(30): threading.Thread(target=time.sleep, args=(0.5,), daemon=True).start()"
)


def test_the_longest_notebook_begins_first(tmp_path):
    told, jobs = [], []
    for number, cells in enumerate((["1"], ["1", "2", "3"], ["1", "2"])):
        path = tmp_path / f"{number:02}_x.ipynb"
        write_notebook(path, *cells, title=f"Number {number}")
        jobs.append(Job(read_notebook(path), tmp_path / f"out{number}.ipynb", {}, tmp_path))
    runs = run_jobs(jobs, engine="fork", at_once=1,
                    on_event=lambda index, event: told.append((index, event)))  # fmt: skip
    assert [index for index, event in told if event == "start"] == [1, 2, 0]
    assert [run.notebook.name for run in runs] == ["00_x", "01_x", "02_x"]


def test_what_a_notebook_changes_reaches_no_other(tmp_path):
    _, (_, after) = run_side_by_side(tmp_path, (DIRTY,), (LOOK,))
    assert printed(after) == ["10.0 60 None True 3.141592653589793"]


def test_a_killed_notebook_touches_no_other_and_its_record_says_failed(tmp_path):
    kill_runner = (
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(9)"
    )
    runs, saved = run_side_by_side(tmp_path, (kill_runner,), ("print('fine')",), at_once=2)
    assert [run.status for run in runs] == ["failed", "done"]
    assert "its process was stopped (signal 9)" in runs[0].problem
    assert saved[0].metadata.papermill.exception is True
    assert "running" not in [cell.metadata.papermill.status for cell in saved[0].cells]
    assert printed(saved[1]) == ["fine"]


def test_each_notebook_draws_its_own_random_numbers(tmp_path):
    draw = ("import numpy, random\nprint(numpy.random.rand(), random.random())",)
    _, saved = run_side_by_side(tmp_path, draw, draw, draw)
    assert len({tuple(printed(notebook)) for notebook in saved}) == 3


def test_the_server_has_done_the_imports_and_has_no_second_thread(tmp_path):
    look = (
        "import sys\n"
        "print([name in sys.modules for name in ('pandas', 'seaborn', 'scipy.stats')])\n"
        "from wfanalytics.report.warm import COLD, MODULES\nprint(COLD, gc.get_freeze_count() > 9)"
    )
    _, (warm,) = run_side_by_side(tmp_path, ("import gc", look))
    assert printed(warm) == ["[True, True, True]\n() True"]


def test_the_server_starts_no_thread_and_leaves_the_environment():
    code = (
        "import os\nbefore = dict(os.environ)\nimport threading\n"
        "import wfanalytics.report.warm\nassert dict(os.environ) == before\n"
        "print(threading.active_count())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_a_module_that_cannot_be_warmed_is_said(monkeypatch):
    from wfanalytics.report import warm

    monkeypatch.setattr(warm, "MODULES", ("json", "no_such_module"))
    assert warm.warm_up() == ("no_such_module",)


def test_a_notebook_may_ask_for_a_plain_kernel(tmp_path):
    look = "import sys\nprint('seaborn' in sys.modules)"
    write_notebook(tmp_path / "01_x.ipynb", look, title="Plain")
    content = nbformat.read(tmp_path / "01_x.ipynb", as_version=4)
    content.metadata["wfanalytics"] = {"engine": "plain"}
    nbformat.write(content, tmp_path / "01_x.ipynb")
    job = Job(read_notebook(tmp_path / "01_x.ipynb"), tmp_path / "out.ipynb", {}, tmp_path)
    run_jobs([job], engine="fork")
    assert printed(nbformat.read(tmp_path / "out.ipynb", as_version=4)) == ["False"]


def test_a_process_with_threads_is_not_forked(tmp_path):
    import threading

    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        write_notebook(tmp_path / "x.ipynb", "import os\nprint(os.getppid())", title="x")
        run_notebook(
            read_notebook(tmp_path / "x.ipynb"),
            output=tmp_path / "out.ipynb",
            parameters={},
            folder=tmp_path,
            engine="fork",
        )
    finally:
        stop.set()
        thread.join()
    assert printed(nbformat.read(tmp_path / "out.ipynb", as_version=4)) == [str(os.getpid())]


def test_a_child_never_told_to_start_is_ended():
    child = ForkedKernel()
    child.discard()
    assert child.returncode in (1, -9)


def test_engine_is_asked_for_by_option_or_environment(monkeypatch):
    monkeypatch.delenv("WFANALYTICS_ENGINE", raising=False)
    assert choose_engine() == "fork"
    monkeypatch.setenv("WFANALYTICS_ENGINE", "plain")
    assert (choose_engine(), choose_engine("fork")) == ("plain", "fork")
    with pytest.raises(ParameterError, match=r"^Unknown engine 'frok'. Did you mean 'fork'"):
        choose_engine("frok")


def test_no_fork_means_plain(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert choose_engine("fork") == "plain"


def test_a_torn_notebook_cannot_be_marked_and_stays(tmp_path):
    (tmp_path / "x.ipynb").write_text("{")
    mark_stopped(tmp_path / "x.ipynb")
    mark_stopped(tmp_path / "absent.ipynb")
    assert (tmp_path / "x.ipynb").read_text() == "{"


def test_a_fork_server_that_was_killed_is_begun_anew(tmp_path):
    from multiprocessing.forkserver import _forkserver

    write_notebook(tmp_path / "x.ipynb", "print('fine')", title="x")
    job = Job(read_notebook(tmp_path / "x.ipynb"), tmp_path / "out.ipynb", {}, tmp_path)
    warm_server("fork")
    os.kill(_forkserver._forkserver_pid, signal.SIGKILL)
    (ended,) = run_jobs([job], engine="fork")
    assert (ended.status, ended.problem) == ("done", "")


@pytest.mark.parametrize("engine", ["fork", "plain"])
def test_a_script_without_a_guard_may_run_notebooks(tmp_path, engine):
    """New processes otherwise begin by running the caller's script again."""
    write_notebook(tmp_path / "x.ipynb", "print('fine')", title="x")
    (tmp_path / "script.py").write_text(
        "from pathlib import Path\n"
        "from wfanalytics.report.jobs import Job, run_jobs\n"
        "from wfanalytics.report.notebooks import mark_stopped, read_notebook\n"
        "job = Job(read_notebook(Path('x.ipynb')), Path('out.ipynb'), {}, Path())\n"
        f"print(*[run.status for run in run_jobs([job], engine={engine!r})])\n"
    )
    command = [sys.executable, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("done\n", "")


def test_importing_a_report_builds_no_grammar_and_hides_no_module():
    code = (
        "import sys\nimport wfanalytics.report.engine\n"
        "assert 'rfc3987_syntax' not in sys.modules\nassert 'jsonschema' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_area_is_opened_once_for_all_notebooks(small_project):
    look = (
        "from wfanalytics.measures import area as opened\n"
        "print(len(opened._REMEMBERED), repr(data))"
    )
    write_notebook(small_project / "notebooks/03_x.ipynb", LOAD, look, title="Look")
    command = [sys.executable, "-m", "wfanalytics", "report", "--area", "exampleshire"]
    done = subprocess.run([*command, "--month", "2020-09"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    saved = Path(done.stdout.strip()).parent / "notebooks" / "03_x.ipynb"
    seen = printed(nbformat.read(saved, as_version=4))
    assert seen == ["1 <Exampleshire, local figures to September 2020>"]


def test_work_is_done_in_another_process_beside_and_its_errors_arrive():
    with work_beside("fork", os.getpid) as answer:
        assert answer() != os.getpid()
    with work_beside("plain", os.getpid) as answer:
        assert answer() == os.getpid()
    fails = partial(os.listdir, "/no/such/folder")
    with work_beside("fork", fails) as answer, pytest.raises(FileNotFoundError):
        answer()


def die_elsewhere(pid: int) -> str:
    if os.getpid() != pid:
        os.kill(os.getpid(), signal.SIGKILL)
    return "done here"


def test_work_whose_process_is_killed_is_done_here():
    with work_beside("fork", partial(die_elsewhere, os.getpid())) as answer:
        assert answer() == "done here"
