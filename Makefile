# Two commands do all the set-up:  make demo  and  make test.
# Both make the virtual environment .venv and install the locked versions first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python

# What the tests need beside Python: the report is tested in a real browser, and the script that
# recomputes a study in R is run in R.
PACKAGES := chromium r-base-core r-cran-lavaan r-cran-lme4 r-cran-lmertest r-cran-pbkrtest \
	r-cran-psych

.PHONY: demo test compiled packages docs format lock benchmarks clean

demo: $(VENV)/.runtime compiled
	$(BIN)/relsurvey demo --out demo-results --force

test: $(VENV)/.development packages compiled
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# Every command starts a second or two sooner, where Python is told not to do this by itself too.
compiled: $(VENV)/.runtime
	@$(BIN)/python -m compileall -q src

# Debian and Ubuntu have them as packages; elsewhere they have to be installed by hand.
packages:
	@if { command -v chromium || command -v chromium-browser || command -v google-chrome; } \
		>/dev/null && command -v Rscript >/dev/null && Rscript -e 'quit(status = !all(sapply(\
		c("lavaan", "lme4", "lmerTest", "pbkrtest", "psych"), requireNamespace, \
		quietly = TRUE)))' >/dev/null 2>&1; then exit 0; fi; \
	echo "Installing for the tests: $(PACKAGES)"; \
	if [ "$$(id -u)" = 0 ]; then sudo=; else sudo="sudo -n"; fi; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		$(PACKAGES) >/dev/null || { \
	echo "The tests need $(PACKAGES): install them, then run make test again."; exit 1; }

docs: $(VENV)/.development
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

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
	echo uv | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --output-file requirements/installer.txt -

clean:
	rm -rf $(VENV) dist build demo-results .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "relsurvey needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && \
		$(PYTHON) -m pip --python $(BIN)/python install --quiet pip; }

$(BIN)/uv: $(BIN)/python requirements/installer.txt
	$(PIP) --require-hashes --requirement requirements/installer.txt
	touch $@

$(VENV)/.runtime: $(BIN)/uv requirements/runtime.txt pyproject.toml
	$(INSTALL) --require-hashes --requirement requirements/runtime.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.development: $(BIN)/uv requirements/development.txt pyproject.toml
	$(INSTALL) --require-hashes --requirement requirements/development.txt
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.runtime
