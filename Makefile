# Everyday commands. `make demo` and `make test` set up everything they need.

CARGO ?= cargo
MVN ?= mvn
PREFIX ?= /usr/local
DESTDIR ?=

RELEASE := target/release
NATIVE := $(CURDIR)/$(RELEASE)/libokta_profiles.so
SIM := $(CURDIR)/$(RELEASE)/okta-sim
VERSION := $(shell sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
SONAME := libokta_profiles.so.$(firstword $(subst ., ,$(VERSION)))

.PHONY: build demo test test-rust test-c test-java lint advisories header install uninstall clean

build: ## the library, the command line and the simulated org, optimised
	$(CARGO) build --release --workspace --bins --lib

demo: build ## the main job from end to end against a simulated Okta org
	tests/demo.sh

test: test-rust test-c test-java ## every test in Rust, C and Java

test-rust:
	$(CARGO) test --workspace

test-c: build
	tests/c_abi/run.sh $(RELEASE)

test-java: build
	$(MVN) -B -ntp -f java-bridge/pom.xml verify -Dokta.profiles.native=$(NATIVE) -Dokta.sim=$(SIM)
	@! ls java-bridge/engine/target/surefire-reports/*.dumpstream 2>/dev/null || \
		{ echo "the JVM printed warnings (-Xcheck:jni), see above" >&2; exit 1; }

header: ## writes the C header, the Java enums and the tables of README from the Rust tables
	OKP_WRITE=1 $(CARGO) test --test contract

install: build ## header, library with soname and pkg-config file below PREFIX
	install -d $(DESTDIR)$(PREFIX)/include $(DESTDIR)$(PREFIX)/lib/pkgconfig
	install -m 644 include/okta_profiles.h $(DESTDIR)$(PREFIX)/include/
	install -m 755 $(RELEASE)/libokta_profiles.so $(DESTDIR)$(PREFIX)/lib/libokta_profiles.so.$(VERSION)
	ln -sf libokta_profiles.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(PREFIX)/lib/libokta_profiles.so
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' include/okta-profiles.pc.in \
		>$(DESTDIR)$(PREFIX)/lib/pkgconfig/okta-profiles.pc

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/include/okta_profiles.h $(DESTDIR)$(PREFIX)/lib/libokta_profiles.so* \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/okta-profiles.pc

lint: ## formatting, clippy, rustdoc and the rules for dependencies (needs cargo-deny, which .ci/run installs)
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --quiet
	$(CARGO) deny --all-features check bans licenses sources

advisories: ## known vulnerabilities of dependencies; needs the internet
	$(CARGO) deny --all-features check advisories

clean:
	$(CARGO) clean
	$(MVN) -q -f java-bridge/pom.xml clean
