# make run, make test: see docs/running.md. Everything is set up on the way; PYTHON=… names another Python (3.11 or newer).
PYTHON ?= python3
PY := .venv/bin/python
SETUP := PYTHON_ORIGIN="$(origin PYTHON)" $(PYTHON) -m deploy.setup
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test check proof bench rows replay reset messages setup

help:
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' Makefile

run: ## the whole platform on this machine; Ctrl-C stops it
	@$(SETUP) --then deploy.run

test: ## everything that must hold: the checks, then all tests
	@$(SETUP) --tests
	@$(PY) -m deploy.check --tests
	@$(PY) -m pytest -n 3

check: ## style, types, imports, migrations, settings, messages
	@$(SETUP)
	@$(PY) -m deploy.check

proof: ## the experiments at full counts with their saboteurs; writes docs/proof/
	@$(SETUP) --tests
	@$(PY) -m tests.proof

bench: ## our figures beside the machine's limits; writes benchmarks/results/
	@$(SETUP) --tests
	@$(PY) -m benchmarks

rows: ## which feature rows have a test that proves them
	@$(SETUP)
	@$(PY) tools/rows.py

replay: ## play a marketplace's files: make replay DIR=folder JSON=report.json
	@$(SETUP)
	@DIR="$(DIR)" JSON="$(JSON)" $(PY) -m deploy.replay

reset: ## throw the data of make run away
	@$(SETUP) --then deploy.reset

messages: ## find new messages in the code, keep their Chinese, compile
	@$(SETUP)
	@$(PY) -m deploy.manage messages

setup: ## only the set-up
	@$(SETUP) --tests
