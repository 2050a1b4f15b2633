# The project's chores.  `make` alone lists them.
# Each target sets up what it needs: only Python 3.11 or newer, make and git have to be there.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
CODE   := importer schemas

# Twice quiet: errors only.
PIP_INSTALL := -m pip install --disable-pip-version-check --no-input --quiet --quiet

# A lock file is complete, so nothing is resolved: pip would look for the newest of `coverage[toml]` beside a pinned
# `coverage`, and stop the day there is a newer one.  `pip check` says afterwards whether all belongs together.
PIP_LOCKED := $(PIP_INSTALL) --no-deps --require-hashes
PIP_CHECK  := -m pip check --disable-pip-version-check

# $(call quietly,COMMAND,HINT): what the command says is shown only if it fails, then the hint.
quietly = @$(1) > $(VENV)/$@.txt 2>&1 || { cat $(VENV)/$@.txt >&2; $(if $(2),echo $(2) >&2;) exit 1; }

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:


##@ Start here

.PHONY: help
help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

.PHONY: demo
demo: setup ## Import the shipped example into the sandbox; needs no account
	@$(BIN)/importer demo

.PHONY: test
test: lint format-check types layers deps unit ## Everything a change must pass

.PHONY: setup
setup: $(VENV)/.ready ## Make .venv: the locked packages, and the importer as it stands here


##@ The parts of `make test`

.PHONY: lint
lint: setup ## Look for mistakes and bad habits (ruff)
	@echo "== lint"
	@$(BIN)/ruff check --quiet .

.PHONY: format-check
format-check: setup ## Say which files are not laid out as agreed (ruff)
	@echo "== format"
	$(call quietly,$(BIN)/ruff format --check .,"'make format' puts it right.")

.PHONY: types
types: setup ## Check the types, strictly (mypy)
	@echo "== types"
	@$(BIN)/mypy --no-error-summary $(CODE)

.PHONY: layers
layers: setup ## Check who may import whom (import-linter)
	@echo "== layers"
	$(call quietly,$(BIN)/lint-imports --no-logo)

.PHONY: deps
deps: setup ## Compare the packages declared with those imported (deptry)
	@echo "== dependencies"
	$(call quietly,$(BIN)/deptry --no-ansi .)

.PHONY: unit
unit: setup ## Run all tests but the torture (pytest)
	@echo "== tests"
	@$(BIN)/pytest -q -n auto $(ARGS)


##@ While you work

.PHONY: fast
fast: setup ## Only the tests that take no time; ARGS='-k carrier' picks some
	@$(BIN)/pytest -q -n auto -m "not slow and not torture" $(ARGS)

.PHONY: format
format: setup ## Lay out all files as agreed, and mend what ruff can mend
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --fix --quiet .

.PHONY: cover
cover: setup ## Run all tests and list the lines that none of them reached
	@$(BIN)/pytest -q -n auto --cov --cov-report=term $(ARGS)


##@ Now and then

.PHONY: torture
torture: setup ## Kill, fault and flood the importer for some minutes
	@$(BIN)/pytest -q -n auto -m torture $(ARGS)

.PHONY: bench
bench: $(VENV)/.bench-ready ## Measure speed and memory against named floors; ARGS='checking --rounds 3'
	@$(BIN)/python -m bench $(ARGS)

# Installed as users do, in an environment of its own, and run away from the checkout.
.PHONY: wheel-test
wheel-test: setup ## Build the wheel, install it afresh and run the demo from it
	@echo "== wheel"
	@rm -rf build/wheel-test
	@$(BIN)/python -m hatchling build --target wheel --directory build/wheel-test 2> /dev/null
	@$(PYTHON) -m venv build/wheel-test/venv
	@build/wheel-test/venv/bin/python $(PIP_LOCKED) -r requirements.lock
	@build/wheel-test/venv/bin/python $(PIP_INSTALL) --no-deps build/wheel-test/*.whl
	@build/wheel-test/venv/bin/python $(PIP_CHECK)
	@mkdir build/wheel-test/elsewhere
	@cd build/wheel-test/elsewhere && ../venv/bin/importer --version && ../venv/bin/importer demo

# uv only resolves here; installing needs pip alone.  Versions stay as they are unless they must
# move: `make lock UPGRADE=--upgrade` takes the newest.
UPGRADE ?=
LOCK := build/lock-venv/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 \
  --generate-hashes --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE) \
  --custom-compile-command "make lock"

.PHONY: lock
lock: ## Write the lock files again after a change of pyproject.toml
	@$(PYTHON) -m venv build/lock-venv
	@build/lock-venv/bin/python $(PIP_INSTALL) uv
	@$(LOCK) pyproject.toml --output-file requirements.lock
	@$(LOCK) pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	@$(LOCK) pyproject.toml --group dev --group bench --constraints requirements-dev.lock --output-file requirements-bench.lock
	@! grep -nE '://|^ *-[a-z]|^ *--(index|extra|find)| @ ' requirements*.lock \
	  || { echo "A lock file names the place a package came from." >&2; exit 1; }

.PHONY: messages
messages: setup ## Bring the German catalogue up to date and list what has no German yet
	@$(BIN)/python docs/make_catalogue.py

.PHONY: clean
clean: ## Remove .venv, builds and caches
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	@find $(CODE) tests -name __pycache__ -prune -exec rm -rf {} +


# The stamp is written last: a set-up that was interrupted starts again.
$(VENV)/.ready: requirements-dev.lock pyproject.toml
	@echo "Setting up $(VENV); the first time takes a minute or two ..."
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed.  Name it: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python $(PIP_LOCKED) -r requirements-dev.lock
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@$(BIN)/python $(PIP_CHECK) > /dev/null || { $(BIN)/python $(PIP_CHECK) >&2; exit 1; }
	@touch $@

$(VENV)/.bench-ready: requirements-bench.lock $(VENV)/.ready
	@$(BIN)/python $(PIP_LOCKED) -r requirements-bench.lock
	@touch $@
