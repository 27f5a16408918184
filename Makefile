# Two commands matter: `make follow-me` runs the main job, `make test` runs every check. Each does all set-up.

PYTHON ?= $(shell command -v python3.11 || command -v python3.10 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup follow-me test firmware lint format lock

help:
	@echo "make follow-me   a rover follows a person through a furnished flat; ends with a report"
	@echo "make test        lint, types, room doors and all tests"
	@echo "make firmware    the servo boards' firmware, its emulator and its host tests, into build/firmware"
	@echo "make setup       install into $(VENV), nothing else"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v in ((3, 10), (3, 11)) else \
	  "make: Python 3.10 or 3.11 is needed (pybullet has no wheels for %d.%d); set PYTHON=/path/to/python3.11" % v)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "make: venv is missing; on Debian: apt-get install python3-venv"; exit 1; }
	bash tools/system_packages.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo "compiling kernels, once"
	$(BIN)/python -m tools.warm_up
	@touch $@

follow-me: setup
	$(BIN)/launch sim follow_me

test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy robot worlds policies sim firmware_bridge launch
	$(BIN)/lint-imports
	@bash tools/system_packages.sh firmware || echo "make: the tests of the firmware will be skipped"
	@bash tools/system_packages.sh voice || echo "make: the tests of hearing will be skipped"
	@bash tools/system_packages.sh browser || echo "make: the tests in a browser will be skipped"
	$(BIN)/pytest -n 2

# Both boards' images, the emulated board and the core under sanitizers; prints what the images fill.
firmware: setup
	bash tools/system_packages.sh firmware
	$(MAKE) --no-print-directory -C firmware_bridge/firmware BUILD=$(CURDIR)/build/firmware PYTHON=$(CURDIR)/$(BIN)/python

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# New versions of everything but the extra train, hashes included, without index addresses.
lock: setup
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.10 --generate-hashes \
	  --extra bench --extra ray --extra servos --extra dev --no-header --no-annotate -o requirements.lock
