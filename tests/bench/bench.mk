# SPDX-License-Identifier: GPL-3.0-or-later
# What `make bench` measures with; never part of the tests.
BENCH := $(BUILD)/bench
$(BENCH)/tty_meter: LIBS_BENCH := -lutil
$(BENCH)/floor_list: LIBS_BENCH := $(call PKG,--libs,ncursesw sqlite3)
$(BENCH)/floor_download: LIBS_BENCH := $(call PKG,--libs,libcurl sqlite3)
$(BENCH)/floor_http: LIBS_BENCH := $(call PKG,--libs,libmicrohttpd)
$(BENCH)/floor_argon: LIBS_BENCH := $(call PKG,--libs,libsodium) -lpthread
$(BENCH)/load: LIBS_BENCH :=
$(BENCH)/bench_store: $(call archives,store core base)
$(BENCH)/bench_store: LIBS_BENCH = $(call archives,store core base) $(call PKG,--libs,sqlite3)
$(BENCH)/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< $(LIBS_BENCH)

BENCH_PROGRAMS := $(patsubst tests/bench/%.c,$(BENCH)/%,$(wildcard tests/bench/*.c))
.PHONY: bench bench-quick bench-lists bench-service soak
bench: all $(BENCH_PROGRAMS) $(BUILD)/documents/make_documents ## client and service against the floor, with 1,000,000 levies
	$(Q)tests/bench/run $(BUILD) 1000000
bench-lists: all $(BENCH_PROGRAMS) ## the client's lists alone, ROWS=1000000 and fewer
	$(Q)ONLY=lists ROUNDS=$${ROUNDS:-3} tests/bench/run $(BUILD) $(or $(ROWS),1000000)
bench-service: all $(BENCH_PROGRAMS) ## the service alone under load, on SQLite and PostgreSQL, in two minutes
	$(Q)tests/bench/service $(BUILD) >$(BENCH)/service
	$(Q)awk -f tests/bench/table.awk tests/bench/goals $(BENCH)/service
bench-quick: all $(BENCH_PROGRAMS) $(BUILD)/documents/make_documents ## the same with 20,000 levies, in two minutes
	$(Q)ROUNDS=$${ROUNDS:-1} PEERS='less vim' tests/bench/run $(BUILD) 20000
soak: all $(BENCH_PROGRAMS) ## MINUTES=60 of service and client under load: does memory stay flat?
	$(Q)tests/bench/soak $(BUILD) $(or $(MINUTES),60)
