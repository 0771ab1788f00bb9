# The portal's commands. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8000
OUT ?= screenshots

.PHONY: help demo test check proof bench wheel install clean catalogue screenshots

help: ## say what each command does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(READY) ## run the demo on http://127.0.0.1:8000 (PORT=… for another)
	@exec $(BIN)/portal demo --port $(PORT)

test: $(READY) ## run the test suite; what needs an absent service is skipped and said
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: $(READY) ## the gate: format, lint, types, contracts, templates, translations, every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint portal/templates --lint --quiet
	$(BIN)/python -m tests.meta.catalogues
	REQUIRE_SERVICES=1 $(MAKE) --no-print-directory test

proof: $(READY) ## every long loop at its full size (PART=… for one); writes proof.json
	$(BIN)/python -m tests.proof $(PART)

bench: $(READY) ## the goals of speed as ratios; writes bench.json
	$(BIN)/python -m tests.bench $(PART)

catalogue: $(READY) ## gather the sentences of the program into the French catalogue
	$(BIN)/python -m tests.meta.catalogues --update

screenshots: $(READY) ## pictures of every page, in both languages, at 320 and 1280 px (OUT=…)
	$(BIN)/python -m tests.browser.screenshots $(OUT)

wheel: $(READY) ## build the program as one file to install elsewhere, in dist/
	$(BIN)/hatchling build -t wheel

install: $(READY) ## make .venv and install everything in it

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

clean: ## remove what the commands above made
	rm -rf $(VENV) .demo build dist proof.json bench.json
