# Two commands for a newcomer, `make demo` and `make test`; both create .venv when it is not there.
# The first CPython from 3.11 to 3.14 that runs; `make PYTHON=...` names another.
PYTHON ?= $(shell for v in 3.11 3.12 3.13 3.14; do python$$v -c 'import ensurepip, venv' >/dev/null 2>&1 && echo python$$v && break; done)
BIN := .venv/bin
CORES ?= 2
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Hundreds of short jobs import the same modules: let Python keep them compiled.
unexport PYTHONDONTWRITEBYTECODE
# Snakemake keeps sources in the user's cache folder; without a home to write to, they stay in the checkout.
ifneq ($(shell test -w "$$HOME" && echo yes),yes)
export XDG_CACHE_HOME ?= $(CURDIR)/.snakemake/cache
endif

.PHONY: demo figures test coverage bench lint clean

# Fig. 1 and the four simulations that it shows come first, so that there is something to look at within a minute.
demo: $(BIN)/.installed
	@echo "The first figure will be $(CURDIR)/results/demo/figures/fig1_structures.png"
	snakemake --cores $(CORES) --scheduler greedy --logger zifmelt --configfile config/demo.yaml \
	    --prioritize results/demo/figures/fig1_structures.svg
	snakemake --cores 1 --configfile config/demo.yaml --report results/demo/report.html
	@echo "The page is at $(CURDIR)/results/demo/index.html, Snakemake's report beside it"

# Every table, every figure and the page of the published study, from its archive and without any simulation; all of
# them anew, because a clone has tables without what they were made from, which Snakemake may take for up to date.
figures: $(BIN)/.installed
	snakemake --cores $(CORES) --logger zifmelt --forceall --configfile config/workstation.yaml config/archived.yaml
	@echo "The page is at $(CURDIR)/results/workstation/index.html; results/README.md tells what each file is."

test: $(BIN)/.installed
	python -m pytest tests

coverage: $(BIN)/.installed
	coverage run -m pytest tests
	coverage report

bench: $(BIN)/.installed
	python -m benchmarks

lint: $(BIN)/.installed
	ruff format --check zifmelt snakemake_logger_plugin_zifmelt scripts tests benchmarks
	ruff check zifmelt snakemake_logger_plugin_zifmelt scripts tests benchmarks
	mypy
	snakefmt --check Snakefile workflow/rules
	snakemake --lint

# The stamp follows pyproject.toml and the lock file, so that a changed pin is installed. At last a crystal is classified: it
# shows that what was installed works, and compiles the inner loops, which jobs side by side would each compile again.
$(BIN)/.installed: pyproject.toml requirements.lock
	@test -n "$(PYTHON)" || { echo "Error: no CPython from 3.11 to 3.14 with its venv module was found; install one, or name it: make PYTHON=/path/to/python."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/zifmelt classify config/structures/ZIF-4.cif --output .venv/classified > .venv/classified.log 2>&1 || { cat .venv/classified.log; exit 1; }
	touch $@

# Not .snakemake: what it remembers is what tells Snakemake whether other campaigns are up to date.
clean:
	rm -rf results/demo
