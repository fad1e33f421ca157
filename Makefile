# docs/settings.md lists the settings; docs/architecture.md the rooms.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
WORKERS ?= auto
export PYTHONUNBUFFERED = 1

.PHONY: run setup test check bench clean

.venv/.ready: uv.lock .ci/setup.py $(wildcard locale/*/vi/LC_MESSAGES/*.po)
	@$(PYTHON) .ci/setup.py
	@touch $@

setup: .venv/.ready

run: setup  ## the platform on http://127.0.0.1:8000, with a demonstration organisation
	@DEBUG=$${DEBUG:-1} PORT=$(PORT) $(BIN)/python manage.py run

test: setup  ## the whole suite; on PostgreSQL and Redis where DATABASE_URL and REDIS_URL say so
	@$(BIN)/pytest -n $(WORKERS) -q $(ARGS)

check: setup  ## formatting, linting, types, import contracts, templates, migrations, translations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy lms content quizzes certificates
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	DEBUG=1 $(BIN)/python manage.py catalogue --check
	DEBUG=1 $(BIN)/python manage.py catalogue --upstream --check
	SECRET_KEY=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))') BASE_URL=https://vung.example $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: setup  ## the benchmarks, with a table of figures at the end
	@DEBUG=0 SECRET_KEY=bench $(BIN)/pytest -q -s -m bench -o addopts="" tests $(ARGS)

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache
