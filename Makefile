# One word per need. Everything happens in .venv; nothing outside this folder is touched.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
RUN    := $(BIN)/python -m
AT     ?=

.PHONY: help demo test check bench bench-delivery preview docs clean

help:           ## say what there is
	@sed -n 's/^\([a-z-]*\): *.*## /  make \1\t/p' $(MAKEFILE_LIST)

$(BIN)/digest: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml $(BIN)/digest
	$(BIN)/pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/pip install --quiet --disable-pip-version-check --group check
	@touch $@

demo: $(BIN)/digest     ## install, build the issue of the five seeds, say where it is
	$(BIN)/digest build --config config.yaml --out issues $(if $(AT),--at $(AT))

preview: $(BIN)/digest  ## look at the issue in the browser
	$(BIN)/digest preview --open

test: $(VENV)/.test     ## run all tests
	$(RUN) pytest --cov --cov-report=

# What `make check` needs of the tests: their coverage, measured anew when something changed since.
.coverage: $(VENV)/.test $(shell find src tests templates seeds -type f -not -name '*.pyc') config.yaml
	$(RUN) pytest --quiet --cov --cov-report=

check: .coverage        ## every gate: style, types, layers, coverage, demo from a fresh clone, the mail checker
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(BIN)/lint-imports
	$(RUN) coverage report --skip-covered --sort=cover
	PYTHON=$(abspath $(BIN)/python) bash tests/fresh_clone.sh
	PYTHON=$(abspath $(BIN)/python) bash tests/mail_check.sh

$(VENV)/.bench: pyproject.toml $(VENV)/.test
	$(BIN)/pip install --quiet --disable-pip-version-check --group bench
	@touch $@

bench: $(VENV)/.bench   ## print the table of measured figures
	$(RUN) benchmarks

bench-delivery: $(VENV)/.bench  ## the full storm of kills, the speed of sending
	$(RUN) benchmarks.delivery --full

docs: $(VENV)/.test     ## write the reference from the code, build the site into dist/site
	$(BIN)/python docs/reference.py
	$(RUN) mkdocs build --strict --quiet

clean:          ## remove what was made here
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache
