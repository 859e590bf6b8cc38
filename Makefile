# Needs git, Python 3.11 or newer with pip, and make. Everything else goes into .venv.

.NOTPARALLEL:
.SUFFIXES:
.DEFAULT_GOAL := help
.PHONY: help demo test soak mutants bench bench-full expectations facts lint lock notebook clean say-demo say-test say-soak say-mutants say-bench say-bench-full \
  say-lint say-lock say-notebook

BIN := .venv/bin
READY := .venv/.ready
UV := $(BIN)/uv --quiet --no-progress
SETUP := Setting up .venv (about 40 s the first time, then at once)
PROBE := import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))
CONTROLS := standing_key human_session session_narrow per_task per_action tiered

# pip's settings, under the names that uv reads.
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
else ifdef SSL_CERT_FILE
export PIP_CERT := $(SSL_CERT_FILE)
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
# And like pip, uv shall trust whom the machine trusts.
export UV_SYSTEM_CERTS ?= 1
# A user's settings that would send packages elsewhere than .venv.
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help:
	@echo "make demo | test | soak | mutants | bench | bench-full | expectations | facts | lint | notebook | lock | clean"

demo: say-demo $(READY)
	@mkdir -p out
	@$(BIN)/outlive compare support_midsize --control $(CONTROLS) --into out/demo.duckdb --report out/demo.html

test: say-test $(READY) checks
	@$(BIN)/pytest -n 2

soak: say-soak $(READY)
	@$(BIN)/pytest -m soak

# ONLY=stale_access tries all of one file, and leaves the table as it is; SHARE=1 all of all files, for hours.
mutants: say-mutants $(READY)
	@$(BIN)/python -m tests.mutation.campaign $(ONLY) $(if $(SHARE),--share $(SHARE)) $(if $(PROCESSES),--processes $(PROCESSES)) $(if $(RESUME),--resume) $(if $(SO_FAR),--so-far)

bench: say-bench $(READY)
	@$(BIN)/python -m benchmarks $(if $(EVENTS),--events $(EVENTS))

bench-full: say-bench-full $(READY)
	@$(BIN)/python -m benchmarks --events 1000000 10000000 100000000 --patience 900

expectations: $(READY)
	@$(BIN)/python docs/expectations.py

facts: $(READY)
	@$(BIN)/python docs/stylised_facts.py

lint: say-lint $(READY) checks

.PHONY: checks
checks: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lock: say-lock $(READY)
	@$(UV) pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 \
	  pyproject.toml --all-extras --group dev $(if $(UPGRADE),--upgrade) -o requirements.lock >/dev/null
	@$(MAKE) --no-print-directory $(READY)

notebook: say-notebook $(READY)
	@$(BIN)/jupyter lab --notebook-dir=notebooks $(if $(filter 0,$(shell id -u)),--allow-root) $(JUPYTER)

clean:
	@rm -rf .venv out dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find analysis benchmarks notebooks outlive sim tests \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} + 2>/dev/null || true

say-demo:
	@echo "$(SETUP), then comparing six control models on one workload (about two minutes) ..."
say-test:
	@echo "$(SETUP), then ruff, mypy, import-linter and the tests (about ten minutes) ..."
say-soak:
	@echo "$(SETUP), then interrupting and killing commands at over a thousand instants, and damaging logs (long) ..."
say-mutants:
	@echo "$(SETUP), then changing the code in thousands of small ways that tests should notice (long) ..."
say-bench:
	@echo "$(SETUP), then reading two million events, and timing every measure on a million and on ten million (long) ..."
say-bench-full:
	@echo "$(SETUP), then the same with a hundred million events as well (very long) ..."
say-lint:
	@echo "$(SETUP), then ruff, mypy and import-linter (about 20 s) ..."
say-lock:
	@echo "$(SETUP), then resolving requirements.lock (make lock UPGRADE=1 takes the newest of everything) ..."
say-notebook:
	@echo "$(SETUP), then opening notebooks/ in JupyterLab; Ctrl-C ends it ..."

# Compiled once: where Python may not keep what it compiles, each command would compile all it loads, for a second.
# The last line answers JupyterLab's question about news before it is asked.
$(READY): requirements.lock pyproject.toml $(BIN)/uv
	@$(UV) pip sync --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock
	@$(UV) pip install --python $(BIN)/python --no-deps --no-build-isolation -e .
	@mkdir -p .venv/share/jupyter/lab/settings
	@echo '{"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": false}}' \
	  >.venv/share/jupyter/lab/settings/overrides.json
	@touch $@

# pip installs only uv, from its own pinned and hashed lines of the lock: it would take two minutes for all of them.
$(BIN)/uv: | requirements.lock
	@python=; for p in $(PYTHON) python3 python3.11 python3.12 python3.13 python3.14 python; do \
	  if "$$p" -c '$(PROBE)' >/dev/null 2>&1; then python=$$p; break; fi; done; \
	[ "$$python" ] || { echo "No Python 3.11 or newer with venv found: install one, or name it: make PYTHON=/path/to/python3.11"; exit 1; }; \
	rm -rf .venv && "$$python" -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >.venv/uv.txt
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r .venv/uv.txt
