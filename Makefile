# Two commands to begin with: `make demo` and `make test`. `make help` lists the rest.

PORT     ?= 8000
# The first of these that really runs (a pyenv shim may exist without its Python) and can fill an environment. The
# system's own is asked first: it was built to be quick, and takes a seventh less for the same than a plain build.
PYTHON   ?= $(shell for p in /usr/bin/python3 python3.11 python3.12 python3.13 python3; do \
              $$p -c 'import sys; from importlib.util import find_spec as has; \
                      sys.exit(sys.version_info < (3, 11) or not (has("ensurepip") or has("pip")))' \
                2>/dev/null && echo $$p && break; done)
VENV     := .venv
BIN      := $(VENV)/bin
PIP      := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock
INPUTS   := pyproject.toml requirements.lock hatch_build.py

PO       := $(wildcard translations/*/LC_MESSAGES/messages.po)
MO       := $(PO:.po=.mo)
POT      := translations/messages.pot
EXTRACT   = $(BIN)/pybabel --quiet extract -F babel.cfg -k lazy_gettext -k lazy_ngettext:1,2 -k lazy_pgettext:1c,2 \
            --project=instrument-share --copyright-holder="The instrument-share developers" \
            --add-comments=TRANSLATORS: --sort-output --no-location --no-wrap
UPDATE   := --no-wrap --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete

.DEFAULT_GOAL := help
.PHONY: help install demo test lint format translations translations-compile translations-check \
        docs bench lock clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- environment -------------------------------------------------------------
# Stamps inside .venv: nothing is installed again until pyproject.toml or requirements.lock changes.

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (set PYTHON=...)" >&2; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON)"
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { $(PYTHON) -m venv --clear --without-pip $(VENV) \
	       && $(PYTHON) -m pip --python $(VENV)/bin/python install --quiet pip; }

$(VENV)/.runtime: $(INPUTS) | $(BIN)/python
	@echo "Installing what the application needs"
	@$(PIP) -e .
	@touch $@

$(VENV)/.complete: $(INPUTS) | $(BIN)/python
	@echo "Installing the application with its test and lint tools"
	@$(PIP) -e ".[test,lint]"
	@touch $(VENV)/.runtime $@

install: $(VENV)/.complete $(MO)  ## create .venv with everything, test and lint tools included

demo: $(VENV)/.runtime $(MO)  ## serve the demonstration (PORT=8123 for another port than 8000)
	@$(BIN)/instrument-share demo --port $(PORT)

# --- checks ------------------------------------------------------------------

test: install  ## run all tests (ARGS="-k booking" for some)
	@$(BIN)/pytest $(ARGS)

lint: install  ## formatting, mistakes, types, floors, templates, catalogues
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --quiet --lint instrument_share
	@$(MAKE) --no-print-directory translations-check

format: install  ## let ruff format and repair what it can
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix --quiet . || true

# --- languages ---------------------------------------------------------------
# .mo files are built, not committed.

%.mo: %.po | $(VENV)/.runtime
	@$(BIN)/pybabel --quiet compile -i $< -o $@ -l $(word 2,$(subst /, ,$<))

translations-compile: $(MO)  ## compile the message catalogues

translations: install  ## collect the messages, bring the catalogues up to date, compile them
	@$(EXTRACT) -o $(POT) .
	@$(BIN)/pybabel --quiet update $(UPDATE) -i $(POT) -d translations
	@$(MAKE) --no-print-directory translations-compile

# A copy is brought up to date and compared: pybabel's own --check finds messages with a context always changed.
translations-check: install
	@rm -rf build/translations && mkdir -p build && cp -r translations build/translations
	@$(EXTRACT) -o build/translations/messages.pot .
	@$(BIN)/pybabel --quiet update $(UPDATE) -i build/translations/messages.pot -d build/translations
	@for po in $(PO); do cmp -s $$po build/$$po \
	  || { echo "$$po is behind the code: run 'make translations'." >&2; exit 1; }; done

# --- the rest ----------------------------------------------------------------

docs: install  ## write the generated pages of docs/ (states, settings, command line)
	@$(BIN)/python docs/generate

bench: install  ## measure, print the speed table, write benchmarks/results.json
	@$(BIN)/python benchmarks/run.py $(ARGS)

lock: $(BIN)/python  ## renew requirements.lock with the newest versions
	@$(BIN)/python -m pip install --quiet --upgrade --upgrade-strategy eager -e ".[test,lint]"
	@{ sed -n '/^#/p' requirements.lock; $(BIN)/python -m pip freeze --exclude-editable; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean:  ## remove everything that was built (the demonstration's data in instance/ stays)
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results
	@find translations -name '*.mo' -delete 2>/dev/null || true
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
