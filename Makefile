# One word per need. Everything happens in .venv; nothing outside this folder is touched.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
RUN    := $(BIN)/python -m
AT     ?=

COMPILE := dist/lock/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 --no-annotate \
    --no-header --no-emit-index-url --no-emit-find-links

# Files of tests side by side on two processors, in random order; how long each test took is kept for the budget.
TESTED := -n 2 --dist loadfile --cov --cov-report= --cov-fail-under=0 --junit-xml=dist/tests.xml

.PHONY: help demo test test-dates check bench bench-delivery preview docs lock clean

help:           ## say what there is
	@sed -n 's/^\([a-z-]*\): *.*## /  make \1\t/p' $(MAKEFILE_LIST)

# Everything is installed as locked in ci/, proven by its hash, built with the locked build tools. `make lock` moves on.
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check
LOCKED := $(PIP) install --no-build-isolation --require-hashes --requirement

$(BIN)/digest: pyproject.toml ci/build.txt ci/run.txt
	$(PYTHON) -m venv $(VENV)
	$(LOCKED) ci/build.txt
	$(LOCKED) ci/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(BIN)/digest ci/dev.txt
	$(LOCKED) ci/dev.txt
	@touch $@

demo: $(BIN)/digest     ## install, build the issue of the five seeds, say where it is
	$(BIN)/digest build --config config.yaml --out issues $(if $(AT),--at $(AT))

preview: $(BIN)/digest  ## look at the issue in the browser
	$(BIN)/digest preview --open

test: $(VENV)/.test     ## run all tests
	$(RUN) pytest $(TESTED)

test-dates: $(VENV)/.test ## run the quick tests 400 days ahead and on a 29th of February (needs Debian's faketime and gcc)
	bash ci/on_date.sh +400d $(RUN) pytest --quiet -n 2 --dist loadfile -m "not browser and not slow"
	bash ci/on_date.sh "@2028-02-29 12:00:00" $(RUN) pytest --quiet -n 2 --dist loadfile -m "not browser and not slow"

# What `make check` needs of the tests: their coverage, measured anew when something changed since.
.coverage: $(VENV)/.test $(shell find src tests templates seeds -type f -not -name '*.pyc') config.yaml
	$(RUN) pytest --quiet $(TESTED)

check: .coverage        ## every gate: style, types, layers, coverage, demo from a fresh clone, the mail checker
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(BIN)/lint-imports
	$(RUN) coverage report --skip-covered --sort=cover
	PYTHON=$(abspath $(BIN)/python) bash tests/fresh_clone.sh
	PYTHON=$(abspath $(BIN)/python) bash tests/mail_check.sh

bench: $(VENV)/.test    ## print the table of measured figures
	$(RUN) benchmarks

bench-delivery: $(VENV)/.test  ## the full storm of kills, the speed of sending, 2,000 random lives
	$(RUN) benchmarks.delivery --full
	DIGEST_EXAMPLES=2000 $(RUN) pytest --quiet -p no:randomly tests/schedule/test_catch_up.py

docs: $(VENV)/.test     ## write the reference from the code, build the site into dist/site
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/architecture.py
	$(RUN) mkdocs build --strict --quiet

lock:           ## write ci/*.txt anew: the newest releases that pyproject.toml allows, with their hashes
	$(PYTHON) -m venv dist/lock
	dist/lock/bin/pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --output-file ci/run.txt pyproject.toml
	printf 'editables\nhatchling>=1.25\nsetuptools\n' | $(COMPILE) --constraint ci/run.txt --output-file ci/build.txt -
	$(COMPILE) --constraint ci/run.txt --constraint ci/build.txt --output-file ci/dev.txt --all-extras \
	    --group check --group bench pyproject.toml

clean:          ## remove what was made here
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage .import_linter_cache
