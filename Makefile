# Two commands do all the set-up:  make demo  and  make test.
# Both make the virtual environment .venv and install the locked versions first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

.PHONY: demo test browser format lock benchmarks clean

demo: $(VENV)/.runtime
	$(BIN)/relsurvey demo --out demo-results --force

test: $(VENV)/.development browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses auto

# The report is tested in a real browser. Debian and Ubuntu have it as a package; elsewhere it has
# to be installed by hand.
browser:
	@for name in chromium chromium-browser google-chrome; do \
		command -v $$name >/dev/null && exit 0; done; \
	echo "Installing chromium for the browser tests"; \
	if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		chromium >/dev/null || { \
	echo "The browser tests need chromium: install it, then run make test again."; exit 1; }

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

benchmarks: $(VENV)/.development
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

# Locks every version again, for every platform; needs the tool uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --group build --output-file requirements/runtime.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		pyproject.toml --extra polars --group dev --constraint requirements/runtime.txt \
		--output-file requirements/development.txt

clean:
	rm -rf $(VENV) dist demo-results .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "relsurvey needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

$(VENV)/.runtime: $(BIN)/python requirements/runtime.txt pyproject.toml
	$(PIP) --require-hashes --requirement requirements/runtime.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.development: $(BIN)/python requirements/development.txt pyproject.toml
	$(PIP) --require-hashes --requirement requirements/development.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.runtime
