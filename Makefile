# What a developer runs. `make test` is what CI runs, too.

CARGO ?= cargo
PYTHON ?= python3
export CARGO_TERM_COLOR ?= auto

# Properties draw the same cases in every run, so that a verdict is one on the change; `make soak` draws others.
export PROPTEST_RNG_SEED ?= 20260101

.PHONY: all demo test test-rust test-python stubs lint bench bench-python quality peers doc soak fuzz audit clean

all: test

# The main job, shown: a year of talks remembered, questioned, walled off and killed.
demo:
	$(CARGO) run --quiet --release --locked -p ebbmark-examples --bin demo

# Everything that must pass, in every language.
test: test-rust test-python

# Style, the Rust suites with their doc examples, and the documentation's links.
test-rust: lint
	$(CARGO) test --locked --workspace
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps -p ebbmark

# The wheel, installed into clean environments, with all that its users rely on. Needs Python 3.11 or later, and PyPI.
test-python:
	./scripts/test-python.sh

# Makes what follows from the compiled module of the Python package: its stub, names and asynchronous handles.
stubs:
	./scripts/test-python.sh stubs

lint:
	./scripts/need-rust.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings
	$(CARGO) clippy --locked -p ebbmark --no-default-features -- -D warnings

# Speed by criterion, then the figures of the README, of truth, of forgetting and of the embedder, then quality on the
# question sets where they are.
bench:
	$(CARGO) bench --locked -p ebbmark-benches --bench speed
	$(CARGO) run --release --locked -p ebbmark-benches --bin figures
	$(CARGO) run --release --locked -p ebbmark-benches --bin truth
	$(CARGO) run --release --locked -p ebbmark-benches --bin forgetting
	$(CARGO) run --release --locked -p ebbmark-benches --bin embedding
	$(CARGO) run --release --locked -p ebbmark-benches --bin quality

# What the Python package costs over the core, as ratios. Needs Python 3.11 or later, and PyPI.
bench-python:
	$(CARGO) build --release --locked -p ebbmark-benches --bin binding
	./scripts/test-python.sh bench $${CARGO_TARGET_DIR:-target}/release/binding

quality:
	$(CARGO) run --release --locked -p ebbmark-benches --bin quality

# Ebbmark beside its rivals on the same vectors, by benches/peers. Needs the question sets, Python 3.11, PyPI and 7 GB of disk.
peers:
	$(PYTHON) benches/peers/run.py $(PEERS_ARGS)

doc:
	$(CARGO) doc --locked --no-deps -p ebbmark --open

# The properties of truth with new cases, and many: another seed at every run, printed so that it can be run again.
soak:
	seed=$$(date +%s); echo "PROPTEST_RNG_SEED=$$seed"; \
	PROPTEST_RNG_SEED=$$seed PROPTEST_CASES=40000 $(CARGO) test --release --locked -p ebbmark --test truth

# Each fuzz target for a minute. Needs cargo-fuzz (`cargo install cargo-fuzz`) and a C++ compiler.
fuzz:
	./scripts/fuzz.sh

# Licences, sources and bans. Needs cargo-deny (`cargo install cargo-deny`).
audit:
	$(CARGO) deny --locked check licenses sources bans

clean:
	$(CARGO) clean
