# The two commands of the README are `make run` and `make test`; `make check` is what a change must pass before it lands.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAMPLE := fhir_profiles/examples/within-24h-breath-pain/body.json
URL ?= http://127.0.0.1:8080
DIR ?= fhir_profiles/examples
# Bytecode is taken only where it fits the content of its source, also where the environment lets nothing be written.
COMPILE := $(BIN)/python -m compileall -q --invalidation-mode checked-hash service

.PHONY: run test check soak mutation build fsh judges bench harness lock clean

# The service alone, from the pinned lock file.
$(VENV)/service: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@

# The service with what tests and checks need.
$(VENV)/development: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	touch $@ $(VENV)/service

run: $(VENV)/service ## start the service, triage one sample authored now, keep serving
	@$(COMPILE)
	@$(BIN)/triage run & server=$$!; trap "kill $$server 2>/dev/null" INT TERM EXIT; \
	$(BIN)/triage post $(SAMPLE) --to $(URL) --authored-now --wait 30 && wait $$server

test: $(VENV)/development ## every test that needs Python alone
	$(BIN)/python -m pytest -n 2

check: $(VENV)/development ## format, lint, types, layers, rule book, stale artefacts
	$(BIN)/ruff format --check service tests
	$(BIN)/ruff check service tests
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/triage rules check
	$(BIN)/triage rules docs --check
	$(BIN)/triage profiles check
	$(BIN)/python -m tests.judges.fsh_digest

soak: $(VENV)/development ## the long runs: each prints how much it compared, and what differed; `make mutation` stands beside them
	RANDOM_CASES=100000 $(BIN)/python -m pytest tests/engine tests/mapping -n 2
	PROOF_DEFECTS=all $(BIN)/python -m pytest tests/proof -n 2 -rP
	$(BIN)/python -m tests.soak.engine_agrees --patients 1000000 --processes 2
	$(BIN)/python -m tests.soak.model_agrees --patients 10000 --processes 2
	$(BIN)/python -m tests.soak.replays --times 100000
	RANDOM_CASES=10000 $(BIN)/python -m pytest tests/safety/test_every_result.py -rP
	$(BIN)/python -m tests.safety.mutants
	RUN_JUDGES=1 FHIRPATH_RESPONSES=5000 APPLY_RESPONSES=200 $(BIN)/python -m pytest tests/judges/test_fhirpath.py tests/judges/test_apply.py -rP
	RUN_JUDGES=1 OPENAPI_EXAMPLES=50 RECORDED_ANSWERS=1000 $(BIN)/python -m pytest tests/judges/test_schemathesis.py tests/judges/test_recorded_answers.py -rP
	STORE_KEYS=500 KILLS=100 $(BIN)/python -m pytest tests/test_store_under_load.py -rP

mutation: $(VENV)/development ## let the tests judge every mutant of the engine and the mapping; several hours
	$(BIN)/python -m tests.mutation --thorough --sample 1 --module service.engine --tests tests/engine
	$(BIN)/python -m tests.mutation --thorough --sample 1 --module service.mapping --tests tests/mapping

build: $(VENV)/development ## write the artefacts and the documentation that are generated from the rule book
	$(BIN)/triage profiles build
	$(BIN)/triage rules docs

fsh: $(VENV)/development ## compile the profiles and extensions that are written in FSH; needs Node 20
	$(BIN)/python -m tests.judges.compile_fsh

judges: $(VENV)/development ## let judges and clients from elsewhere judge definitions, outputs, samples and the service; needs Java 17, Maven, npm, Chromium, PostgreSQL
	RUN_JUDGES=1 $(BIN)/python -m pytest tests/judges -rs

harness: $(VENV)/service ## replay a folder of sample bodies against a running service: make harness DIR=... URL=...
	$(BIN)/triage harness $(DIR) --to $(URL)

bench: $(VENV)/development ## measure the serving path beside an empty route, JSON echo and a straightforward service
	$(COMPILE)
	$(BIN)/python -m tests.bench

lock: ## pin the dependencies anew
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV)
