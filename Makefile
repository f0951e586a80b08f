# `make help` lists what there is. Everything is installed into this folder: .venv, frontend/node_modules.
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
BIN := .venv/bin
UV := UV_PYTHON_DOWNLOADS=never UV_HTTP_TIMEOUT=180 UV_LINK_MODE=copy VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv
NODE := PATH="$(CURDIR)/.venv/node:$$PATH"
SAY := @printf '\033[2m· %s\033[0m\n'
BUILT := src/shanzhi/static/built/manifest.json
PO := $(wildcard src/shanzhi/locale/*/LC_MESSAGES/django.po)
# Checks load the settings but need no data: they share the home of the tests.
OWN := SHANZHI_HOME=$(or $(SHANZHI_HOME),$(CURDIR)/var)/test SHANZHI_TEST=1 DATABASE_URL=
TESTERS ?= 2
# Compiled files are kept whatever the machine says: without them each start compiles 1,900 files for 2.5 s.
export PYTHONDONTWRITEBYTECODE =

.PHONY: help setup demo test cover check fix bench pictures docs clean lock translations debian
.PHONY: check-style check-format check-types check-floors check-tables check-words check-lengths check-frontend

help: ## what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | sort | expand -t 14

setup: .venv/.installed $(BUILT) $(PO:.po=.mo) ## install and build everything that is missing

demo: setup ## a filled installation in the foreground (PORT, SHANZHI_HOME, DATABASE_URL)
	@exec $(BIN)/shanzhi demo

test: setup debian check ## all checks and all tests
	@$(BIN)/pytest -n $(TESTERS) --dist worksteal $(ARGS) || { echo "what failed, once more and alone:"; $(BIN)/pytest --lf --lfnf=none $(ARGS); }

cover: setup debian ## all tests, and which lines none of them reached (takes half as long again)
	@$(BIN)/pytest -n $(TESTERS) --dist worksteal --cov --cov-report=term:skip-covered $(ARGS)

check: setup ## style, types, floors, tables, translations, lengths
	@$(MAKE) -j2 --output-sync=target check-types check-style check-format check-floors check-tables \
		check-words check-lengths check-frontend

fix: setup ## format, and fix what can be fixed; new sentences into the catalogue
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet
	@$(BIN)/python -m scripts.translations update

bench: setup ## one benchmark beside its limit: make bench NAME=intake
	@test -n "$(NAME)" || { echo "usage: make bench NAME=..."; ls bench/*.py 2>/dev/null; exit 2; }
	@$(BIN)/python -m bench.$(NAME)

pictures: setup debian ## pictures of the docs anew, from a demo that runs on PORT
	@$(BIN)/python -m scripts.pictures

docs: setup ## the handbook into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

lock: .venv/bin/uv ## make requirements.lock again after a change of dependencies
	@$(UV) pip compile pyproject.toml --group dev --extra pictures --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --universal --no-header --quiet -o requirements.lock

clean: ## remove what can be made again (never data)
	rm -rf .venv frontend/node_modules src/shanzhi/static/built site htmlcov .coverage
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(PO:.po=.mo)

# Installing: each step leaves a file behind and is not repeated until what it is made from changes.

.venv/bin/python:
	$(SAY) "virtual environment"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed"; exit 3; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is missing (Debian: apt-get install python3-venv)"; exit 3; }

.venv/bin/uv: scripts/uv.txt | .venv/bin/python
	$(SAY) "uv"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r scripts/uv.txt
	@touch $@

.venv/.installed: requirements.lock pyproject.toml .venv/bin/uv
	$(SAY) "Python packages"
	@$(UV) pip sync --quiet --require-hashes requirements.lock scripts/uv.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.node: scripts/node.txt scripts/node.sh | .venv/bin/uv
	@UV="$(CURDIR)/$(BIN)/uv" sh scripts/node.sh
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json .venv/.node
	$(SAY) "frontend packages"
	@cd frontend && $(NODE) npm ci --loglevel=error --no-audit --no-fund --no-update-notifier >/dev/null
	@touch $@

$(BUILT): frontend/node_modules/.installed frontend/vite.config.ts frontend/package.json $(shell find frontend/src -type f)
	$(SAY) "frontend"
	@cd frontend && $(NODE) npm run --silent build -- --logLevel error
	@touch $@

%.mo: %.po .venv/.installed
	@$(BIN)/python -m scripts.translations compile

debian: # what browser tests need
	@sh scripts/debian.sh chromium fonts-noto-cjk

# Checking

check-style: ; @$(BIN)/ruff check --quiet && echo "style well"
check-format: ; @$(BIN)/ruff format --check --quiet && echo "format well" || { echo "not formatted: make fix"; exit 1; }
check-types: ; @$(OWN) $(BIN)/mypy
check-floors: ; @$(BIN)/lint-imports --no-logo
check-tables: ; @$(OWN) DJANGO_SETTINGS_MODULE=shanzhi.settings $(BIN)/python -m django makemigrations --check --dry-run
check-words: ; @$(BIN)/python -m scripts.translations check
check-lengths: ; @$(BIN)/python -m scripts.lengths src scripts bench tools
check-frontend: ; @cd frontend && $(NODE) npm run --silent check && echo "frontend types well"
