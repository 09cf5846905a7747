# Every command works on a fresh machine and again on a used one; set-up is quick when nothing is missing.
# DATABASE_URL=postgres://user@host:5432/name takes PostgreSQL instead of SQLite.
SHELL := /bin/bash
PYTHON ?=
export PYTHON
BIN := .venv/bin

# Modules without input and output: money, routing, vocabulary, cells of workbooks and pages of paper are typed strictly.
PURE := organization/clock.py organization/posts.py \
  documents/vocabulary.py documents/states.py documents/money.py documents/sheets.py documents/kinds.py \
  documents/routing.py documents/reasons.py documents/canonical.py documents/filetypes.py \
  documents/rendering/formulas.py documents/rendering/layout.py documents/rendering/paper.py documents/rendering/values.py \
  budgets/numbers.py budgets/cells.py budgets/columns.py budgets/line_forms.py budgets/sharing.py \
  settlements/amounts.py

.PHONY: help setup run test lint format types messages check demo worker gate

help: ## these lines
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

setup: ## .venv with the locked packages, and missing system libraries
	@scripts/setup.sh

run: ## everything from nothing: tables, demonstration data, web and worker on http://127.0.0.1:8000/
	@scripts/run.sh

test: ## all tests, browser journeys included; ARGS="-k word" for some
	@scripts/test.sh $(ARGS)

lint: setup ## style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## put the code in format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## strict types of the pure modules
	$(BIN)/mypy $(PURE)

messages: ## collect texts for translation and compile the catalogue (see docs/ARCHITECTURE.md)
	@scripts/setup.sh test
	@scripts/messages.sh

check: setup ## migrations complete, production settings sound, catalogue compiled
	@scripts/check.sh

demo: setup ## demonstration people and projects in an empty database
	$(BIN)/python manage.py demo

worker: setup ## mails, rendering and timed work, without the web
	$(BIN)/python manage.py worker

gate: ## the long proofs: every check, all tests on SQLite and on the PostgreSQL of DATABASE_URL, races of 200 rounds
	$(MAKE) lint types check
	env -u DATABASE_URL $(MAKE) test
	[ -z "$$DATABASE_URL" ] || $(MAKE) test
	RACE_ROUNDS=200 scripts/test.sh -m race
