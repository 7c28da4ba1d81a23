# Everyday commands. `make demo` and `make test` set up everything they need.

CARGO ?= cargo
MVN ?= mvn
PREFIX ?= /usr/local
DESTDIR ?=

RELEASE := target/release
NATIVE := $(CURDIR)/$(RELEASE)/libokta_profiles.so
SIM := $(CURDIR)/$(RELEASE)/okta-sim

.PHONY: build demo test test-rust test-c test-java lint advisories header clean

build: ## the library, the command line and the simulated org, optimised
	$(CARGO) build --release --workspace --bins --lib

demo: build ## the main job from end to end against a simulated Okta org
	tests/demo.sh

test: test-rust test-c test-java ## every test in Rust, C and Java

test-rust:
	$(CARGO) test --workspace

lint: ## formatting, clippy and the rules for dependencies
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) deny --all-features check bans licenses sources

advisories: ## known vulnerabilities of dependencies; needs the internet
	$(CARGO) deny --all-features check advisories

clean:
	$(CARGO) clean
	$(MVN) -q -f java-bridge/pom.xml clean
