# SPDX-License-Identifier: EUPL-1.2
# The few things people do here. Each installs what it needs into .venv first; the second time that costs nothing.
PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
DEPLOYED = $(VENV)/.deployed
INSTALLED = $(VENV)/.installed
# The locks name every package, so pip takes those and looks for no other: what came out since changes nothing.
# `pip check` after it says when one is missing. Python compiles what it loads.
INSTALL = -m pip install --quiet --disable-pip-version-check --no-deps --no-compile

# With it, each program that a test starts would compile the line anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help call phone serve card test test-all counted test-days test-sip lint durations transcripts messages generated picture bench audit lock release clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# The number is fiction: with it a newcomer hears a connection, without it every number is only read out.
call: $(DEPLOYED) ## call the line in this terminal; ARGS="--keys 3*_" presses keys
	@IVR_CALLER_ID=$${IVR_CALLER_ID-+12025550100} $(BIN)/ivr call $(ARGS)

phone: $(DEPLOYED) ## open a telephone in the browser; ARGS="--port 8040"
	@IVR_CALLER_ID=$${IVR_CALLER_ID-+12025550100} $(BIN)/ivr phone $(ARGS)

serve: $(DEPLOYED) ## run the production server
	@$(BIN)/ivr serve $(ARGS)

# Tells an editor what is wrong with the card, before anything below would do so with a traceback.
card: $(INSTALLED)
	@IVR_PROMPTS= $(BIN)/ivr fallback >/dev/null

# A file's tests stay together, with the servers that they share, and go in the order of their names: the longest come first.
# One process more than there are cores, since many tests wait for a server or a browser.
BY_FILE = --numprocesses $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1) --dist loadfile --no-loadscope-reorder
test: card ## run every test that starts no other program (four minutes); ARGS=tests/test_calls.py runs those only
	$(BIN)/python -m pytest $(or $(ARGS),-m "not starts" $(BY_FILE))

# Both groups together must run every branch of ivr/, also of what nothing loads: each Python leaves what it ran (tests/counting).
# Beside the second group go real calls, which mostly wait, and before all else, so that sound is late for nobody; and the other
# Pythons, in the time that both leave. Calls are made once more, alone, where they fail: a machine that others keep busy is late
# with sound, and a fault of ours fails twice.
COUNT = PYTHONPATH=$(CURDIR)/tests/counting
test-all: card ## run everything, count what runs, and again on every other Python found here (16 minutes with two of them)
	rm -rf $(VENV)/counted && mkdir $(VENV)/counted
	$(COUNT) make --no-print-directory test
	scripts/debian-packages && scripts/debian-packages deploy/packages.txt
	nice -n 19 scripts/other-pythons >$(VENV)/others.txt 2>&1 & others=$$!; \
	    nice -n -10 make --no-print-directory test-sip >$(VENV)/calls.txt 2>&1 & calls=$$!; failed=0; \
	    $(COUNT) $(BIN)/python -m pytest -m starts $(BY_FILE) || failed=1; \
	    make --no-print-directory counted || failed=1; \
	    wait $$calls || make --no-print-directory test-sip || failed=1; \
	    wait $$others || failed=1; cat $(VENV)/calls.txt $(VENV)/others.txt; exit $$failed

counted: ## tell what of ivr/ the last `make test-all` did not run
	@$(BIN)/python -W ignore -m slipcover --branch --source ivr --json --out $(VENV)/counted/none.json -m site >/dev/null
	@$(BIN)/python -m slipcover --skip-covered --fail-under 100 --out $(VENV)/counted.json --merge $(VENV)/counted/*.json

test-sip: card ## make real calls through Debian's Asterisk (two minutes; root, network namespaces, and 420 MB once)
	scripts/test-sip $(BIN)/python

# Without browsers (tests/conftest.py) and proxies, whose certificates and clocks are their own. Waiting takes as long as ever.
DAYS = "2026-12-31 23:59" "2027-03-28 03:30" "2027-10-31 02:30" "2028-02-29 12:00" "2031-06-04 14:00" "2031-06-04 23:00"
test-days: card ## run the tests on days and at hours unlike the present ones; needs faketime, from Debian
	for moment in $(DAYS); do echo "At $$moment" && TZ=Europe/Amsterdam FAKETIME_DONT_FAKE_MONOTONIC=1 \
	    faketime "$$moment" $(BIN)/python -m pytest -q $(BY_FILE) --ignore tests/deploy $(ARGS) || exit 1; done

lint: $(INSTALLED) ## check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

durations: card ## measure how long callers wait, with espeak-ng
	$(BIN)/python -m tests.durations

transcripts: card ## rewrite the calls in tests/calls/, to be read and approved; with IVR_PROMPTS=folder those of that card, in its calls/
	@$(BIN)/ivr fallback >/dev/null
	$(BIN)/python -m tests.transcripts

messages: $(INSTALLED) ## rewrite what editors read in tests/broken/ and tests/differences/, to be read and approved
	$(BIN)/python -m tests.mistakes
	$(BIN)/python -m tests.differences

picture: $(INSTALLED) ## take the picture of the telephone in the README anew
	$(BIN)/python -m tests.picture

generated: card ## rewrite what is made: the map in prompts/, the fallback, the schemas beside the card
	$(BIN)/python -m tests.generated

bench: $(INSTALLED) ## measure the line beside what it is built from (eight minutes); also in build/bench.txt
	$(BIN)/python -m tests.bench

# Not part of .ci/run: it asks a database, whose answer changes while our code does not.
audit: $(INSTALLED) ## look for known vulnerabilities in what is deployed
	$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.txt --progress-spinner off

# One resolution for all our Pythons at once, which pip-tools cannot make. What is locked stays, unless ARGS=--upgrade. It has
# an environment of its own, since the other cannot be made while the lock is behind pyproject.toml. pip comes with Python.
LOCK = .venv-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-package pip --custom-compile-command "make lock" $(ARGS)
lock: .venv-lock/bin/uv ## pin the dependencies of pyproject.toml; ARGS=--upgrade takes newer ones
	$(LOCK) --output-file requirements.txt
	$(LOCK) --output-file requirements-dev.txt --extra dev --constraint requirements.txt

release: $(INSTALLED) ## build the wheel, the image's folder, the fallback, the page and the SBOM into dist/
	scripts/release $(BIN)/python dist

clean: ## remove everything that make made
	rm -rf .venv .venv-* build dist dist.unfinished .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

# What a call needs: the packages that are deployed, and those that make `ivr` a command of this checkout, in the versions of
# the same lock.
BUILD = hatchling|pathspec|pluggy|tomlkit|trove-classifiers
$(DEPLOYED): requirements.txt requirements-dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. README.md tells what you need first." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("$(PYTHON) is Python %d.%d, and 3.11 or newer is needed. Name one: make PYTHON=python3.13" % sys.version_info[:2])'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) makes no virtualenv yet. On Debian or Ubuntu: sudo apt install python3-venv" >&2; exit 1; }
	@echo "Installing what the line needs into $(VENV), once: $$(grep -c '^[a-z]' requirements.txt) packages, 110 MB"
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	@sed -En '/^($(BUILD))=/,/# via/p' requirements-dev.txt >$(VENV)/build.txt
	@$(BIN)/python $(INSTALL) --require-hashes -r requirements.txt -r $(VENV)/build.txt
	@$(BIN)/python $(INSTALL) --no-build-isolation -e .
	@$(BIN)/python -m pip check || { echo "The lock is behind pyproject.toml: make lock" >&2; exit 1; }
	@touch $@

$(INSTALLED): $(DEPLOYED)
	@echo "Installing what tests need into $(VENV), once: $$(grep -c '^[a-z]' requirements-dev.txt) packages, 650 MB"
	@sed -En '/^uv=/,/# via/p' requirements-dev.txt >$(VENV)/uv.txt
	@# uv knows nothing of pip's own settings, such as a mirror: where it cannot, pip does it, in three minutes.
	@$(BIN)/python $(INSTALL) --require-hashes -r $(VENV)/uv.txt && \
	    $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-dev.txt || \
	    $(BIN)/python $(INSTALL) --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip check || { echo "The lock is behind pyproject.toml: make lock" >&2; exit 1; }
	@touch $@

.venv-lock/bin/uv:
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/python $(INSTALL) uv==0.13.9
