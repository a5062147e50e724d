# What a developer runs. `make test` is what CI runs, too.

CARGO ?= cargo
export CARGO_TERM_COLOR ?= auto

.PHONY: all demo test lint bench quality doc fuzz audit clean

all: test

# The main job, shown: a year of talks remembered, questioned, walled off and killed.
demo:
	$(CARGO) run --quiet --release --locked -p ebbmark-examples --bin demo

# Everything that must pass: style, the Rust suites with their doc examples, and the documentation's links.
test: lint
	$(CARGO) test --locked --workspace
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps -p ebbmark

lint:
	./scripts/need-rust.sh
	$(CARGO) fmt --all --check
	$(CARGO) clippy --locked --workspace --all-targets -- -D warnings

# Speed by criterion, then the figures of the README and of truth, then quality on the question sets where they are.
bench:
	$(CARGO) bench --locked -p ebbmark-benches --bench speed
	$(CARGO) run --release --locked -p ebbmark-benches --bin figures
	$(CARGO) run --release --locked -p ebbmark-benches --bin truth
	$(CARGO) run --release --locked -p ebbmark-benches --bin quality

quality:
	$(CARGO) run --release --locked -p ebbmark-benches --bin quality

doc:
	$(CARGO) doc --locked --no-deps -p ebbmark --open

# Each fuzz target for a minute. Needs cargo-fuzz (`cargo install cargo-fuzz`) and a C++ compiler.
fuzz:
	./scripts/fuzz.sh

# Licences, sources and bans. Needs cargo-deny (`cargo install cargo-deny`).
audit:
	$(CARGO) deny --locked check licenses sources bans

clean:
	$(CARGO) clean
