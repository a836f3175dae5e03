# make demo | test | check | bench | docs — each makes its own environment in .venv first.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check bench docs clean

$(VENV)/runs: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	touch $@

$(VENV)/installed: $(VENV)/runs
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	touch $@

demo: $(VENV)/runs
	@$(BIN)/python examples/shop/demo.py --port $(PORT)

test: $(VENV)/installed
	$(BIN)/python tests/run.py

check: $(VENV)/installed
	$(BIN)/ruff check src tests compat examples bench
	$(BIN)/mypy
	$(BIN)/mypy tests/typing
	$(BIN)/pyright tests/typing
	$(BIN)/lint-imports
	$(BIN)/python tests/port_table.py --check

bench:
	$(PYTHON) bench/run.py

$(VENV)/documented: $(VENV)/runs
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[docs]'
	touch $@

docs: $(VENV)/documented
	$(BIN)/mkdocs build --quiet
	@echo site/index.html

clean:
	rm -rf $(VENV) site .mypy_cache .ruff_cache .pytest_cache
