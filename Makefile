# Everyday commands. `make demo` and `make test` set up everything they need.

CARGO ?= cargo
# Where no Maven is installed, its wrapper fetches one.
MVN ?= $(if $(shell command -v mvn),mvn,$(CURDIR)/java-bridge/mvnw)
PREFIX ?= /usr/local
DESTDIR ?=

RELEASE := target/release
# Tests use what `cargo test` has built anyway: nothing is compiled twice, and debug assertions hold everywhere.
TESTED := target/debug
NATIVE := $(CURDIR)/$(TESTED)/libokta_profiles.so
SIM := $(CURDIR)/$(TESTED)/okta-sim
export OKTA_PROFILES_BIN ?= $(CURDIR)/$(TESTED)
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
SONAME := libokta_profiles.so.$(firstword $(subst ., ,$(VERSION)))

# The plugin's copies of the library run on every Linux with glibc 2.17 or newer (RHEL 7 and 8, Ubuntu 20.04).
# One processor only: make plugin PLUGIN_TARGETS=x86_64-unknown-linux-gnu
PLUGIN_TARGETS ?= x86_64-unknown-linux-gnu aarch64-unknown-linux-gnu
PLUGIN_GLIBC := 2.17
ZIGBUILD := $(CURDIR)/target/tools/zigbuild
DENY := $(CURDIR)/target/tools/deny/bin

# These copies, built with a profile of Cargo.toml; where they are; and Maven told so.
define build-natives
	tests/setup.sh zigbuild $(PLUGIN_TARGETS)
	PATH="$(ZIGBUILD)/bin:$$PATH" PYTHONPATH="$(ZIGBUILD)" CARGO_PROFILE_RELEASE_STRIP=symbols \
		$(CARGO) zigbuild --profile $(1) --lib --package okta-profiles --no-default-features --features jni \
		$(PLUGIN_TARGETS:%=--target %.$(PLUGIN_GLIBC))
endef
native = $(CURDIR)/target/$(2)-unknown-linux-gnu/$(1)/libokta_profiles.so
natives = -Dokta.profiles.native=$(call native,$(1),x86_64) \
	$(if $(filter aarch64-%,$(PLUGIN_TARGETS)),-Dokta.profiles.native.aarch64=$(call native,$(1),aarch64))

.DEFAULT_GOAL := build
.PHONY: help build build-tested demo test test-rust campaign test-demo test-c test-java test-plugin test-aarch64 plugin plugin-native \
	plugin-native-tested sign stage test-page demo-jira lint advisories bench header install uninstall clean

help: ## this list
	@sed -n 's/^\([a-z][a-z0-9-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

build: ## the library, the command line and the simulated org, optimised
	$(CARGO) build --release --workspace --bins --lib

# The tests too: with what they need some crates have more features, and without it everything would be compiled again.
build-tested:
	$(CARGO) build --workspace --bins --lib --tests

demo: build ## the main job from end to end against a simulated Okta org
	OKTA_PROFILES_BIN=$(RELEASE) tests/demo.sh

test: test-rust test-demo test-c test-java test-plugin ## every test in Rust, C, Java and the browser
	$(test-browser)

# Most of the time they wait for other processes, so there are more threads than processors.
test-rust: export RUST_TEST_THREADS ?= $(shell expr 2 '*' "$$(nproc)")
test-rust: ## every test in Rust
	$(CARGO) test --workspace

RUNS ?= 500
SEED ?= 1
campaign: ## many random trials of everything that may go wrong with an org: RUNS=… SEED=…
	OKP_CAMPAIGN_RUNS=$(RUNS) OKP_CAMPAIGN_SEED=$(SEED) $(CARGO) test --workspace --test campaign -- --nocapture

.PHONY: live
live: ## live under load: 50 changes a second in an org of 20 000, with kills and outages; SECONDS= for hook and log each
	OKP_LIVE_SECONDS=$(SECONDS) $(CARGO) test --release --workspace --test live -- --nocapture --test-threads 1

.PHONY: faults
faults: ## a kill and a failing disk at every system call of creation, connect, rekey, backup, upgrade and publication
	OKP_FAULTS=all $(CARGO) test --workspace --test engine kill_everywhere -- --nocapture

SECONDS ?= 60
.PHONY: fuzz
fuzz: ## every parser of what others wrote, SECONDS= for each target; needs a C++ compiler
	fuzz/run.sh $(SECONDS)

.PHONY: sanitize
sanitize: build-tested ## the C tests and a storm of calls under AddressSanitizer, UndefinedBehaviorSanitizer and ThreadSanitizer
	tests/c_abi/sanitize.sh $(TESTED)

test-demo: build-tested ## what `make demo` promises, and that the commands it prints can be copied
	tests/demo_test.sh $(TESTED)

test-c: build-tested ## the C and C++ tests, also under valgrind where it is installed
	tests/c_abi/run.sh $(TESTED)

test-java: build-tested ## the tests of the Java shim
	$(MVN) -B -ntp -f java-bridge/pom.xml verify -pl engine -Dokta.profiles.native=$(NATIVE) -Dokta.sim=$(SIM)
	@! ls java-bridge/engine/target/surefire-reports/*.dumpstream 2>/dev/null || \
		{ echo "the JVM printed warnings (-Xcheck:jni), see above" >&2; exit 1; }

plugin-native: ## the libraries of the plugin, for x86-64 and aarch64 and for old versions of glibc
	$(call build-natives,release)

# The same sources, targets and features, compiled in a third of the time: what the tests take.
plugin-native-tested:
	$(call build-natives,tested)

plugin: plugin-native ## the plugin for Jira Data Center: target/plugin/okta-profiles-jira10-….jar and …-jira11-….jar
	$(MVN) -B -ntp -f java-bridge/pom.xml package -DskipTests -Dmaven.javadoc.skip \
		-pl jira-plugin -am $(call natives,release)
	install -d target/plugin
	install -m 644 java-bridge/jira-plugin/target/okta-profiles-jira-plugin-$(VERSION).jar \
		target/plugin/okta-profiles-jira10-$(VERSION).jar
	install -m 644 java-bridge/jira-plugin/target/okta-profiles-jira-plugin-$(VERSION)-jira11.jar \
		target/plugin/okta-profiles-jira11-$(VERSION).jar

sign: ## signs what `make plugin` built, for Jira 10.5 and later: KEY=file with a private Ed25519 key; writes ….jar.sig
	@java-bridge/jira-plugin/sign.sh "$(KEY)" target/plugin/okta-profiles-jira10-$(VERSION).jar \
		target/plugin/okta-profiles-jira11-$(VERSION).jar

# The stage is built along: so `make test` has it without another start of Maven.
test-plugin: build-tested plugin-native-tested ## both bundles in Apache Felix and Tomcat, on Java 17, 21 and 25
	tests/setup.sh jdks
	$(MVN) -B -ntp -f java-bridge/pom.xml verify -pl jira-harness,jira-tests -am -Dengine.skipTests \
		-Dmaven.javadoc.skip $(call natives,tested) -Dokta.sim=$(SIM)

test-aarch64: build-tested plugin-native-tested ## the C tests with the library for aarch64, under qemu
	tests/setup.sh qemu
	tests/c_abi/aarch64.sh $(TESTED) $(call native,tested,aarch64) $(ZIGBUILD)/ziglang/zig

bench: ## measures the engine beside a floor and Okta's SDKs, in markdown; see BENCHMARKS.md for what it needs
	tests/benches/compare.sh

.PHONY: bench-check
bench-check: build ## fails if instructions, requests, bytes or memory are more than a tenth above tests/benches/figures.tsv
	tests/benches/check.sh

header: ## writes the C header, the Java enums and docs/reference from the Rust tables
	OKP_WRITE=1 $(CARGO) test --workspace --test contract

install: build ## header, library with soname and pkg-config file below PREFIX
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 include/okta_profiles.h $(DESTDIR)$(PREFIX)/include/
	install -m 755 $(RELEASE)/libokta_profiles.so $(DESTDIR)$(PREFIX)/lib/libokta_profiles.so.$(VERSION)
	ln -sf libokta_profiles.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libokta_profiles.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' include/okta-profiles.pc.in \
		>$(DESTDIR)$(PREFIX)/lib/pkgconfig/okta-profiles.pc

uninstall: ## removes what `make install` put below PREFIX
	rm -f $(DESTDIR)$(PREFIX)/include/okta_profiles.h $(DESTDIR)$(PREFIX)/lib/libokta_profiles.so* \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/okta-profiles.pc

stage: build-tested ## the plugin in Tomcat, for test-page and demo-jira
	tests/browser/setup.sh
	$(MVN) -B -ntp -q -f java-bridge/pom.xml package -DskipTests -Dengine.skipTests -Dokta.profiles.native=$(NATIVE) \
		-pl jira-harness -am

define test-browser
	tests/browser/setup.sh
	cd tests/browser && npm test
endef

test-page: stage ## the administration page and the panels in a real browser; pictures go to target/browser
	$(test-browser)

demo-jira: stage ## the plugin in a frame like Jira's with a simulated Okta org, to click through (JIRA=11 PORT=… USERS=…)
	node tests/browser/demo.js

lint: ## formatting, clippy, rustdoc and the rules for dependencies
	tests/setup.sh deny
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --quiet
	PATH="$(DENY):$$PATH" $(CARGO) deny --all-features check bans licenses sources

advisories: ## known vulnerabilities of dependencies; needs the internet
	tests/setup.sh deny
	PATH="$(DENY):$$PATH" $(CARGO) deny --all-features check advisories

clean: ## removes everything that was built
	$(CARGO) clean
	$(MVN) -q -f java-bridge/pom.xml clean
