# Two commands for a newcomer, `make demo` and `make test`; both create .venv when it is not there.
PYTHON ?= python3.11
BIN := .venv/bin
CORES ?= 2
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Hundreds of short jobs import the same modules: let Python keep them compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test bench lint clean

demo: $(BIN)/.installed
	snakemake --cores $(CORES) --scheduler greedy --configfile config/demo.yaml
	snakemake --cores 1 --configfile config/demo.yaml --report results/demo/report.html
	@echo "The report is at $(CURDIR)/results/demo/report.html"

test: $(BIN)/.installed
	python -m pytest tests

bench: $(BIN)/.installed
	PYTHONPATH=scripts python -m benchmarks

lint: $(BIN)/.installed
	ruff format --check scripts tests benchmarks
	ruff check scripts tests benchmarks
	snakefmt --check Snakefile workflow/rules
	snakemake --lint

# The stamp follows pyproject.toml and the lock file, so that a changed pin is installed.
$(BIN)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	touch $@

clean:
	rm -rf results/demo .snakemake
