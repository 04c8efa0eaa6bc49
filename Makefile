# Everything here makes and fills .venv by itself; `make help` lists what there is.
.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/bash
BIN := .venv/bin

# Folder, number of scenes and seed of the demo; for example: make demo DEMO=/tmp/d SCENES=60 SEED=3
DEMO ?= demo
SCENES ?= 30
SEED ?= 0

.PHONY: help
help: ## This list
	@echo "HopChain Studio: pictures in, verified multi-hop questions out"
	@echo
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 19

.PHONY: demo
demo: ## Set up and run the main job on rendered scenes; the result lies in demo/
	@packaging/bootstrap.sh
	@$(BIN)/hopchain demo "$(DEMO)" --scenes $(SCENES) --seed $(SEED)

.PHONY: test
test: ## Set up and run the tests
	@packaging/bootstrap.sh dev studio
	@echo "» running the tests"
	@$(BIN)/python -m pytest -n auto --maxprocesses=8 --reruns 2 -rR

.PHONY: test-models
test-models: ## Set up a torch for the processor and run the tests with tiny models
	@HOPCHAIN_VENV=.venv-models packaging/bootstrap.sh dev test-models
	@echo "» running the tests with tiny models"
	@.venv-models/bin/python -m pytest -p no:pytest-qt tests/models

.PHONY: test-trainers
test-trainers: ## Set up TRL and train on exports; other trainers where variables name their environments
	@packaging/bootstrap.sh dev
	@HOPCHAIN_ENGINES="$(CURDIR)/.engines" $(BIN)/hopchain models setup trl --yes
	@echo "» running the tests with trainers"
	@HOPCHAIN_TRL_PYTHON="$(CURDIR)/.engines/trl/bin/python" $(BIN)/python -m pytest -p no:pytest-qt tests/trainers

.PHONY: check
check: ## Lint, types, contracts and tests: what CI does
	@packaging/bootstrap.sh dev studio
	@echo "» ruff: lint"
	@$(BIN)/ruff check .
	@echo "» ruff: format"
	@$(BIN)/ruff format --check .
	@echo "» mypy: types"
	@$(BIN)/mypy
	@echo "» import-linter: contracts"
	@$(BIN)/lint-imports --no-logo
	@echo "» pytest: tests"
	@$(BIN)/python -m pytest -n auto --maxprocesses=8 --reruns 2 -rR

.PHONY: bench
bench: ## Measure, and write docs/benchmarks.md
	@packaging/bootstrap.sh bench dev studio
	@$(BIN)/python -m tests.benchmarks

.PHONY: studio
studio: ## Open the studio; for one project: make studio PROJECT=my.hopchain
	@packaging/bootstrap.sh studio
	@$(BIN)/python -m app $(if $(PROJECT),"$(PROJECT)")

.PHONY: screenshots
screenshots: ## Render every space of the studio into docs/screenshots
	@packaging/bootstrap.sh studio
	@$(BIN)/python packaging/screenshots.py

.PHONY: clean
clean: ## Remove .venv, the demo and what tools left behind
	@rm -rf .venv .venv-models .engines "$(DEMO)" build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
