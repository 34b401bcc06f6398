# The one documented route, for people and for CI. Works in GNU make 3.81.
#   make book    set up everything and build the book at _build/html/index.html (PLANS=1 first brings in the plans' own
#                texts from their official addresses, for which it needs a network)
#   make test    set up everything and run every check and test
#   make pdf     build the book and print it at _build/book.pdf, for which it needs an installed Chromium
#   make serve   show the built book on 127.0.0.1
#   make same    build the book and compare it, and what the commands say, with a kept copy (ARGS=--keep keeps one)
#   make bench   compare the speed of the build with what a user would run instead
#   make bench-scale   measure 1,000, 10,000 and 100,000 made documents, which takes hours (ARGS="1000 5000 --cluster")
#   make lock    compile requirements.txt and tests/requirements.txt anew (needs uv)
#   make clean   remove what a build made

VENV := .venv
BIN := $(VENV)/bin
LOCK_STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-tests
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-compile
# Compiled once, on all cores, so that no notebook has to; jieba's old escapes make the compiler talk.
COMPILE := $(BIN)/python -W ignore -m compileall -q -j 0 $(VENV)/lib policybook notebooks >/dev/null 2>&1 || true

.PHONY: book pdf test serve same bench bench-scale lock clean

book: $(LOCK_STAMP)
ifneq ($(filter-out 0,$(PLANS)),)
	@$(BIN)/policybook add --recommended plans --yes || \
	    echo "make: not every plan could be had (see above); the book is built without those." >&2
endif
	$(BIN)/policybook build

pdf: $(LOCK_STAMP)
	$(BIN)/policybook build --pdf

test: $(TEST_STAMP)
	@$(BIN)/python tests/browser.py
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

serve: $(LOCK_STAMP)
	$(BIN)/policybook serve

same: $(TEST_STAMP)
	$(BIN)/python tests/same.py $(ARGS)

bench: $(LOCK_STAMP)
	$(BIN)/python benchmarks/build.py

bench-scale: $(LOCK_STAMP)
	$(BIN)/python benchmarks/scale.py $(ARGS)

$(BIN)/python:
	@sh .ci/make-venv $(VENV)

$(LOCK_STAMP): requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (about 900 MB, a minute or two the first time) ..."
	$(INSTALL) -r requirements.txt
	$(INSTALL) --no-build-isolation --editable .
	@$(COMPILE)
	@touch $@

$(TEST_STAMP): tests/requirements.txt $(LOCK_STAMP)
	@echo "Installing what only the tests need ..."
	$(INSTALL) -r tests/requirements.txt
	@$(COMPILE)
	@touch $@

lock:
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra test -c requirements.txt \
	    $$(sed -n 's/^\([A-Za-z0-9_.-]*\)==.*/--no-emit-package \1/p' requirements.txt | sort -u) \
	    pyproject.toml -o tests/requirements.txt

clean:
	rm -rf _build book/index.ipynb book/documents book/comparisons book/chapters book/zh
