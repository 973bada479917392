# Everything a person runs, in one place. `make` alone lists it.
# One environment, .venv, filled from the hashed lock files and from nothing else; after set-up no target needs a network.

PYTHON ?= python3
CORPUS ?= ../shared/data

BIN := .venv/bin
# --no-build-isolation: the build tools come from the lock files too, so what is built is built the same everywhere.
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-build-isolation
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

MIN_JAVA := 17

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help screen test test-spark java lint bench release build lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

screen: .venv/.core ## screen the sample ads with the shipped model, and leave report.html
	@$(BIN)/adscreen screen data/sample/ads.csv --report report.html

test: .venv/.dev ## run the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not spark'

test-spark: java .venv/.spark ## run the tests of Spark, on a cluster of two executors (needs Java 17 or newer)
	@$(BIN)/python -m pytest -m spark

# Before Spark is fetched (450 MB), and each time: without Java the tests would all be skipped, and look green.
java:
	@java=$${JAVA_HOME:+$$JAVA_HOME/bin/}java; \
	version=$$("$$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'); \
	test "$${version:-0}" -ge $(MIN_JAVA) || { \
	  echo "Spark needs Java $(MIN_JAVA) or newer; '$$java' is $${version:+version }$${version:-missing}. To get it:" >&2; \
	  echo "  Debian, Ubuntu  apt install openjdk-$(MIN_JAVA)-jre-headless" >&2; \
	  echo "  Fedora, RHEL    dnf install java-$(MIN_JAVA)-openjdk-headless" >&2; \
	  echo "  macOS           brew install openjdk@$(MIN_JAVA)" >&2; \
	  echo "  conda           conda install -c conda-forge openjdk=$(MIN_JAVA)" >&2; \
	  echo "If it lies elsewhere: make test-spark JAVA_HOME=/path/of/java" >&2; exit 1; }

lint: .venv/.dev ## check style, types and the authored corpus
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/python scripts/check_corpus.py data/authored

bench: .venv/.dev .venv-peers/.done ## measure speed beside other tools (needs a C++ compiler)
	@$(BIN)/python experiments/bench/run.py
	@$(BIN)/python experiments/bench/screening.py
	@$(BIN)/python experiments/bench/components.py

release: .venv/.dev ## train the shipped model: make release CORPUS=../shared/data
	@$(BIN)/python scripts/release.py --corpus $(CORPUS)

build: .venv/.core ## make the wheel, in dist/
	@$(BIN)/python -m pip wheel -qq --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

# The core and the peers follow dev's versions: people screen with the versions the tests ran with.
lock: .venv/.dev ## write locks/ again after a change of pyproject.toml; newest versions: make lock UPGRADE=--upgrade
	$(BIN)/$(LOCK) $(UPGRADE) pyproject.toml --extra train --extra deep --group dev --output-file locks/dev.txt > /dev/null
	$(BIN)/$(LOCK) pyproject.toml --group build --constraint locks/dev.txt --output-file locks/core.txt > /dev/null
	$(BIN)/$(LOCK) pyproject.toml --extra spark --constraint locks/dev.txt --output-file locks/spark.txt > /dev/null
	$(BIN)/$(LOCK) --group peers-build --constraint locks/dev.txt --output-file locks/peers-build.txt > /dev/null
	$(BIN)/$(LOCK) --group peers --constraint locks/dev.txt --output-file locks/peers.txt > /dev/null

clean: ## remove the environment and everything made by a run
	rm -rf .venv .venv-peers .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist

# Stamp files, so that a second make has nothing to do. They lie inside .venv and go with it.
.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "adscreen needs Python 3.11 or newer; '$(PYTHON)' is missing or older. Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { \
	  echo "'$(PYTHON)' cannot make an environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@touch $@

.venv/.core: .venv/.python locks/core.txt pyproject.toml
	@echo "Installing what screening needs (once, about a minute) ..."
	@$(PIP) --require-hashes --requirement locks/core.txt
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/.dev: .venv/.core locks/dev.txt
	@echo "Installing what tests and training need (once, a few minutes) ..."
	@$(PIP) --require-hashes --requirement locks/dev.txt
	@touch $@

.venv/.spark: .venv/.dev locks/spark.txt
	@echo "Installing Spark (once, a few minutes) ..."
	@$(PIP) --require-hashes --requirement locks/spark.txt
	@touch $@

# In an environment of its own: fastText's package has the name of the small one that adscreen uses.
.venv-peers/.done: .venv/.python locks/peers-build.txt locks/peers.txt
	@echo "Compiling the tools to compare with (once, about a minute) ..."
	@$(PYTHON) -m venv --clear .venv-peers
	@$(subst .venv,.venv-peers,$(PIP)) --require-hashes --requirement locks/peers-build.txt
	@$(subst .venv,.venv-peers,$(PIP)) --require-hashes --requirement locks/peers.txt
	@touch $@
