# Each target does all the set-up it needs. Variables: PYTHON, DOCS (your folder), INDEX, CORPUS (for bench).
PYTHON ?= python3
BIN := .venv/bin
DOCS ?= seeds
INDEX ?= $(if $(filter seeds,$(DOCS)),index,index/$(notdir $(abspath $(DOCS))))
SOURCES := rag ui tests

.PHONY: chat test check bench gate setup chromium clean

chat: .venv/ready  ## ask questions of $(DOCS) in a web page
	$(BIN)/rag chat --docs "$(DOCS)" --index "$(INDEX)"

test: .venv/ready-dev chromium  ## run the tests; without a Chromium the browser tests are skipped, and say so
	$(BIN)/python -m pytest $(ARGS)

check: .venv/ready-dev chromium  ## lint, format, types, tests
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/python -m pytest $(ARGS)

bench: .venv/ready-dev  ## speed and memory beside the plain quickstart; CORPUS=DIR for your own documents
	$(BIN)/python -m tests.benchmarks $(if $(CORPUS),--corpus "$(CORPUS)")

gate: .venv/ready-dev  ## ask the seed questions, report in build/gate, and hold the scores against the policy
	rm -rf build/gate
	$(BIN)/rag index seeds --docs seeds --index build/gate/index
	$(BIN)/rag eval run tests/evaluation/seeds.jsonl --docs seeds --index build/gate/index --out build/gate/answers.jsonl
	$(BIN)/rag eval score build/gate/answers.jsonl --questions tests/evaluation/seeds.jsonl --index build/gate/index --out build/gate/scores
	$(BIN)/rag eval report build/gate/scores --policy tests/evaluation/gate.toml --out build/gate/report.html \
		--junit build/gate/junit.xml --markdown build/gate/report.md
	$(BIN)/rag eval gate build/gate/scores --policy tests/evaluation/gate.toml

setup: .venv/ready-dev

chromium:
	@sh tests/chromium.sh || echo "No Chromium could be installed: the browser tests will be skipped."

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/ready-dev: .venv/ready requirements-dev.lock
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.lock
	touch $@

clean:
	rm -rf .venv build dist *.egg-info
