# One command per task; CI runs the same ones. Nothing here asks a question.
#   make report    the sample report, in its own environment, from a fresh checkout
#   make test      the whole test suite
# `make help` lists the rest. Works with GNU make 3.81 (macOS) and any POSIX shell.

# The first Python found that is new enough; `make PYTHON=/path/to/python` overrules it.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$p; break; }; done)

AREA ?= exampleshire
MONTH ?= 2020-09

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

.DEFAULT_GOAL := help
.PHONY: help report test lint docs pages package coverage bench bench-national kills fuzz \
	explore sample lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

report: $(STAMP) ## write the sample report and print its path
	@$(BIN)/wfanalytics report --area $(AREA) --month $(MONTH)

test: $(STAMP) ## run every test
	$(BIN)/pytest -n 2 --dist loadfile

lint: $(STAMP) ## check style, types and that notebooks hold no outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(if $(NOTEBOOKS),$(BIN)/nbstripout --verify --keep-id $(NOTEBOOKS))

docs: $(STAMP) ## build the reader's site into build/site; stops at a broken link
	$(BIN)/python docs/build_site.py

pages: $(STAMP) ## write docs/messages.md and docs/measures.md anew from the code
	$(BIN)/python -m tests.docs.pages

package: $(STAMP) ## build wheel and sdist, install each in a clean environment, and use them
	.ci/package $(BIN)/python

coverage: $(STAMP) ## run the tests without report runs, and say how many lines they reach
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input 'pytest-cov>=6,<8'
	$(BIN)/pytest -n 2 --dist loadfile --cov=wfanalytics --cov-branch --cov-report=term:skip-covered \
		src tests/unit tests/scenarios tests/charts tests/faults

bench: $(STAMP) ## time the cleaning, the census, the measures and the whole report
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/spc.py
	$(BIN)/python benchmarks/cleaning.py
	$(BIN)/python benchmarks/census.py
	$(BIN)/python benchmarks/analysis.py
	$(BIN)/python benchmarks/outlook.py
	$(BIN)/python benchmarks/disclosure.py
	$(BIN)/python benchmarks/documents.py
	$(BIN)/python benchmarks/explore.py
	$(BIN)/python benchmarks/report.py 3

bench-national: $(STAMP) ## time ten million caseload rows, cleaned and added up (an hour or less)
	$(BIN)/python benchmarks/national.py

kills: $(STAMP) ## kill 200 reports at random moments: no pack may tear (half an hour)
	WFANALYTICS_KILLS=200 $(BIN)/pytest tests/faults/test_run_faults.py -k kills

fuzz: $(STAMP) ## try 100,000 damaged inputs: each is read or refused (ten minutes)
	$(BIN)/python -m tests.hostile.fuzz 100000

explore: $(STAMP) ## open the notebooks in JupyterLab, the explorer first
	@$(BIN)/wfanalytics explore

sample: $(STAMP) ## write the fictional sample area anew
	$(BIN)/wfanalytics sample

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --quiet --extra dev --extra docs --universal --python-version 3.11 \
		--upgrade --generate-hashes --no-annotate --no-emit-index-url \
		--custom-compile-command 'make lock' --output-file requirements.lock

clean: ## remove the environment, caches, reports and processed data
	rm -rf $(VENV) build dist .cache src/*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis \
		reports data/processed
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or later was not found. Install it from python.org, or name it:" \
			"make report PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "Preparing the environment in $(VENV): about two minutes, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
		--requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input \
		--no-deps --editable .
	@touch $(STAMP)
