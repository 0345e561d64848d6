# Every task of the project; CI calls the same ones. `make` alone lists them.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Parallel test processes.
JOBS ?= auto

VENV := .venv
PY := $(VENV)/bin/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
RUNTIME := $(VENV)/.stamp-runtime
DEV := $(VENV)/.stamp-dev
SOURCES := manage.py khuyencong programs funding reports tests

.PHONY: help run setup setup-runtime test test-postgres e2e check fix bench requirements clean

help: ## List these tasks
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Install, migrate, load demo data into an empty database, serve on http://127.0.0.1:8000 (PORT=...)
	$(PY) manage.py migrate --verbosity 0
	$(PY) manage.py seed_demo --if-empty
	@printf '\nThe portal: http://%s:%s  (Ctrl-C stops it)\n\n' '$(HOST)' '$(PORT)'
	$(PY) manage.py runserver --nostatic $(HOST):$(PORT)

setup: $(DEV) ## Build .venv with the pinned runtime and development packages

setup-runtime: $(RUNTIME) ## Build .venv with the pinned runtime packages only (a server)

test: $(DEV) ## The test suite (SQLite, or the database of DATABASE_URL); ARGS="-k name" narrows it
	$(PY) -m pytest -n $(JOBS) $(ARGS)

test-postgres: $(DEV) ## The same suite on a throwaway PostgreSQL
	.ci/with-postgres $(PY) -m pytest -n $(JOBS) $(ARGS)

e2e: $(DEV) ## Journeys in Debian's chromium; pictures go to .local/artefacts
	$(PY) -m pytest -m e2e tests/e2e $(ARGS)

check: $(DEV) ## Formatting, lint, types, arrows between layers, migrations, deployment settings
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/djlint --quiet --check templates
	$(VENV)/bin/djlint --quiet --lint templates
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-logo
	DATABASE_URL=sqlite://:memory: $(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py check
	env DEBUG=false HTTPS=true ALLOWED_HOSTS=khuyencong.example.vn \
	  SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	  DATABASE_URL=postgres://khuyencong:unused@localhost:5432/khuyencong \
	  $(PY) manage.py check --deploy --fail-level WARNING

fix: $(DEV) ## Format and repair what the tools can repair
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(VENV)/bin/djlint --quiet --reformat templates

bench: $(RUNTIME) ## Time the slow paths on generated data; ARGS="--forms --projects 2000 --rows 100000": forms beside bare SQL
	$(PY) manage.py bench $(ARGS)

# The compiler can write the address of a local index or wheel folder into its output: none may be committed.
COMPILE = $(VENV)/bin/pip-compile --quiet --generate-hashes --no-header --strip-extras --allow-unsafe \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
requirements: $(DEV) ## Pin again from pyproject.toml (ARGS=--upgrade for newer releases)
	$(COMPILE) $(ARGS) --output-file deploy/requirements.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra dev --constraint deploy/requirements.txt --output-file deploy/requirements-dev.txt pyproject.toml
	! grep -nE '://|^ *--(index|extra-index|find-links|trusted)|file:/' deploy/requirements.txt deploy/requirements-dev.txt

clean: ## Remove .venv and caches; .local (the data) stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Stamps: a requirements file newer than its stamp is installed again, otherwise nothing is done.
$(VENV)/.stamp-venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3 ...' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo '$(PYTHON) cannot make virtual environments. On Debian: sudo apt install python3-venv' >&2; exit 1; }
	@echo 'Building $(VENV) (once, about a minute) ...'
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUNTIME): deploy/requirements.txt $(VENV)/.stamp-venv
	$(PIP_INSTALL) -r $<
	@touch $@

$(DEV): deploy/requirements-dev.txt $(VENV)/.stamp-venv
	$(PIP_INSTALL) -r $<
	@touch $@
