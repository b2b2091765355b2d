# Every target works in a fresh clone with Python, git and make; npm is used where it is there.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# The tests start many servers: each would compile everything again.
export PYTHONDONTWRITEBYTECODE :=

STAGE ?= dev
# Of a deployment: PARAMETERS="MailSender=… SiteDomain=…"
PARAMETERS ?=
# Of a deployment: the release archive of a web interface, UI=kitsu.tgz
UI ?=
# Of the local stack: RUN="--port 9090"
RUN ?=
# A version that Lambda runs. A name may be there without the version behind it, so each is tried.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$name && break; done)
BIN := .venv/bin
# How many processes share the tests: as many as there are cores, or JOBS=4.
JOBS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --maxprocesses 8 --dist worksteal

# Style first; types are looked at beside the first tests, since both leave a core idle. Fails where one of them does.
WITH_TYPES = $(BIN)/ruff check . && { $(BIN)/mypy & types=$$!; $(1); tests=$$?; wait $$types && exit $$tests; }

.PHONY: help setup run check test lint bench package deploy rollback destroy clean

help: ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/installed $(if $(wildcard package.json),.venv/engine) ## the virtual environment and the local database engine
	@:

run: setup ## everything on this machine: API, database, files, mail, a demo production (RUN="--help": options)
	@$(BIN)/python -m infra.local $(RUN)

lint: setup ## style and types
	@$(BIN)/ruff check .
	@$(BIN)/mypy

check: setup ## style, types and the quick unit tests: before each commit
	@$(call WITH_TYPES,$(PYTEST) tests/unit -m "not slow")

test: setup ## style, types and all tests
	@$(call WITH_TYPES,$(PYTEST))

bench: setup ## the budgets of the design, measured
	@$(BIN)/python -m infra.bench

package: setup ## template and zip of STAGE, without an AWS account
	@$(BIN)/python -m infra.aws.package --stage $(STAGE)

deploy: setup ## packages STAGE and brings its stack on AWS to that state
	@$(BIN)/python -m infra.aws.deploy --stage $(STAGE) $(if $(UI),--ui $(UI)) $(PARAMETERS)

rollback: setup ## lets the version of STAGE's API that answered before answer again
	@$(BIN)/python -m infra.aws.rollback --stage $(STAGE)

destroy: setup ## removes the stack of STAGE from AWS, after asking; table and files stay
	@$(BIN)/python -m infra.aws.destroy --stage $(STAGE)

clean: ## what can be made again; the data of the local stack stays
	@rm -rf build .venv node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .chalice/deployments

.venv/installed: requirements.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed (make PYTHON=… names one)" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making .venv with $(PYTHON)"; $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -r requirements-dev.txt
	@touch $@

.venv/engine: package.json $(wildcard package-lock.json) | .venv/installed
	@if command -v npm >/dev/null; then \
		npm install --no-audit --no-fund --loglevel=error || echo "npm could not install the database engine and the browser of the tests" >&2; \
	else echo "npm is not there: the local stack falls back to a slower database" >&2; fi
	@touch $@
