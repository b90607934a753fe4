# make run      start everything; make with no name says what else there is.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14 python3,$(shell command -v $(name))))
BIN := .venv/bin
LINTED := manage.py dpmap orgchart appraisals scripts tests $(wildcard bench)
TEMPLATES := $(shell find templates -name '*.html' 2>/dev/null)

.PHONY: bench-reminders help set-up set-up-tests run test test-faults explore coverage check format reset bench bench-import bench-scale bench-pdf lock screenshots
.DEFAULT_GOAL := help

help:
	@echo "make run          start dpmap with a demonstration organization (PORT=8000)"
	@echo "make test         all tests"
	@echo "make test-faults the tests that take minutes: servers away, workers killed again and again"
	@echo "make explore      random years that nobody lived yet; make test-faults lives through the same ones each time"
	@echo "make coverage     all tests, and what they reach"
	@echo "make check        format, lint, types, import contract, migrations, templates"
	@echo "make format       put right what make check says about format"
	@echo "make bench        time each main page at 150 and at 10,000 people"
	@echo "make bench-scale  the same pages in a department of 771,387 people and in one of 10,000"
	@echo "make bench-reminders the reminders of such a department beside a plain INSERT … SELECT"
	@echo "make bench-import time the import of a whole roster beside a COPY (ROSTER=folder)"
	@echo "make bench-pdf    what a form costs beside the same words in an automatic table; a bulk export"
	@echo "make screenshots  pictures of the five homes, for the README"
	@echo "make lock         pin the newest packages that pyproject.toml allows"
	@echo "make reset        forget everything make run has kept (var/)"

set-up:
	@"$(or $(PYTHON),$(error Install Python 3.11 or newer))" scripts/set_up.py

set-up-tests:
	@"$(or $(PYTHON),$(error Install Python 3.11 or newer))" scripts/set_up.py --tests

run: set-up
	@exec $(BIN)/python -m dpmap.run

# The order of sets decides who does what in random years.
test test-faults: export PYTHONHASHSEED = 0

test: set-up-tests
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not long"

test-faults: set-up-tests
	$(BIN)/python -m pytest -n auto -m long

explore: set-up-tests
	DPMAP_NEW_YEARS=yes $(BIN)/python -m pytest -m long tests/years

coverage: set-up-tests
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "not long" --cov --cov-report=term:skip-covered

check: set-up
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/ruff check $(LINTED)
	@$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m scripts.compile_templates

format: set-up
	$(BIN)/ruff format $(LINTED)
	$(BIN)/ruff check --fix $(LINTED)
	-@$(BIN)/djade --target-version 5.2 $(TEMPLATES)

bench: set-up
	$(BIN)/python -m bench

bench-import: set-up
	$(BIN)/python -m bench.imports $(ROSTER)

bench-reminders: set-up
	$(BIN)/python -m bench.reminders

bench-scale: set-up
	$(BIN)/python -m bench.scale

bench-pdf: set-up
	$(BIN)/python -m bench.pdf
	$(BIN)/python -m bench.pdf_archive

screenshots: set-up-tests
	$(BIN)/python -m scripts.screenshots

lock:
	$(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --quiet --no-emit-index-url --no-emit-find-links \
	  --extra embedded --extra dev pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --quiet --no-emit-index-url --no-emit-find-links \
	  --constraint requirements.txt pyproject.toml -o requirements-production.txt
	npm install --package-lock-only

reset:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m dpmap.embedded stop; fi
	rm -rf var
