# Masala. "make run" starts it, "make check" before each commit, "make test" is the
# whole suite. Only Go, git and make need to be there: .ci/deps sees to the rest.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# The vendor's public license key; empty: the one in assets/license.pub.
LICENSE_KEY ?=
LDFLAGS := -X main.version=$(VERSION) -X main.built=$(shell date -u +%F) $(if $(LICENSE_KEY),-X masala/assets.licenseKey=$(LICENSE_KEY))

# How long the long tests are; "make faults" turns them up.
export MASALA_KILL_ROUNDS     ?= 20
export MASALA_POWERCUT_ROUNDS ?= 50
export MASALA_WINDOW_KILLS    ?= 6
FUZZTIME  ?= 20s
BENCHTIME ?= 1s

# go test -json, made readable and counted; the exit code of both counts.
COUNTED = go run ./.ci/counts -skips .ci/skips -keep .cache/counts
TESTS   = ./... ./.ci/counts
E2E     = masala/transport/node/e2e

.PHONY: build run test check lint race fuzz bench golden screenshots windows soak faults properties deps clean help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

build: ## ./masala
	@.ci/deps build
	go build -ldflags '$(LDFLAGS)' -o masala .

run: build ## build and start; without a display: the server alone
	@if [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
	  echo "There is no display here, so no window: starting the server alone (masala serve). Ctrl+C stops it."; \
	  exec ./masala serve; \
	fi; \
	exec ./masala

deps: ## what the tests need besides Go
	@.ci/deps test

lint: ## format, vet, staticcheck; this system and Windows
	@.ci/deps build
	@.ci/lint

# The tests of the real program measure times that a busy machine would falsify, so
# they run by themselves, after the others. Both halves run whatever the first says.
test: deps lint ## the whole suite, with honest counts
	@mkdir -p .cache && rm -f .cache/counts
	@echo "tests"
	@{ code=0; \
	  go test -json -count=1 -timeout 15m $$(go list $(TESTS) | grep -vx $(E2E)) || code=1; \
	  go test -json -count=1 -timeout 20m $(E2E) || code=1; \
	  exit $$code; } | $(COUNTED)

check: lint ## the fast part: lint and short tests, cached
	@mkdir -p .cache
	@go test -json -short $(TESTS) | $(COUNTED)

race: deps ## the suite under the race detector, with few rounds
	@mkdir -p .cache
	@MASALA_KILL_ROUNDS=3 MASALA_POWERCUT_ROUNDS=5 MASALA_PROPERTY_ROUNDS=5 go test -json -race -count=1 -timeout 40m $(TESTS) | $(COUNTED)

fuzz: deps ## every fuzz target for FUZZTIME
	@.ci/fuzz $(FUZZTIME)

bench: deps ## every benchmark
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

golden: deps ## rewrite the golden files
	@.ci/golden

screenshots: deps ## draw the screens into docs/screenshots
	MASALA_SCREENSHOTS=$(CURDIR)/docs/screenshots EGL_PLATFORM=surfaceless go test -count=1 -run '^TestScreenshot' ./ui/...

windows: ## bin/masala.exe, a program without a console of its own (see platform/console)
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build -trimpath -ldflags '-H windowsgui -s -w $(LDFLAGS)' -o bin/masala.exe .

soak: deps ## 50 PCs work for 5 minutes: MASALA_SOAK=1m MASALA_SOAK_CLIENTS=200 for others
	MASALA_SOAK=$${MASALA_SOAK:-5m} MASALA_SOAK_CLIENTS=$${MASALA_SOAK_CLIENTS:-50} \
	  go test -v -count=1 -timeout 60m -run '^TestSoak$$' ./transport/node

faults: deps ## the fault tests with long rounds and the watchdog's real times
	@mkdir -p .cache
	@MASALA_WATCHDOG=real MASALA_KILL_ROUNDS=200 MASALA_WINDOW_KILLS=100 MASALA_POWERCUT_ROUNDS=500 MASALA_FLIP_ROUNDS=300 MASALA_SIM_ROUNDS=500 \
	  go test -json -count=1 -timeout 120m -run '^TestFault_|^TestFactoryUnderFaults' ./... | $(COUNTED)

properties: deps ## 3,000 random factories of each kind against the rules, and a sum of what they did
	@MASALA_PROPERTY_ROUNDS=$${MASALA_PROPERTY_ROUNDS:-3000} go test -count=1 -timeout 5h -v -run '^TestProperty_(Flow|Books|Trace)|R40_Fifty|R37_Random' ./core/flow ./core/stock ./core/trace | .ci/tally

clean: ## what was built
	rm -rf masala bin .cache
