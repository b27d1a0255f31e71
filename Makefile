# SPDX-License-Identifier: GPL-3.0-or-later
# shebao: one makefile, not recursive. `make help` lists the targets.
# FLAVOUR is release, debug, asan, cov or fuzz (by clang); each builds into a folder of its own.
# CFLAGS, CPPFLAGS and LDFLAGS are the user's; ours are in ALL_*.

FLAVOUR  ?= release
PREFIX   ?= /usr/local
DESTDIR  ?=
VERSION  := 0.1.0
BUILD    := build/$(FLAVOUR)
CATALOGUE := locale/en/LC_MESSAGES/shebao.mo
Q        := $(if $(V),,@)

PROGRAMS := shebao shebaod shebaoctl
# From the top of the layer table to its bottom: also the link order.
FOLDERS  := screen plain cli daemon service app sync print doc sheet seal bank view store wire crypto tui core base
LIB_FOLDERS := wire store crypto core base

# ---- libraries: each third-party header lives in one folder
PKG = $(shell pkg-config $(1) $(2))
PKGS_daemon := libmicrohttpd gnutls zlib
PKGS_sync   := libcurl
PKGS_doc    := cairo pango pangocairo libqrencode
PKGS_sheet  := xlsxwriter
PKGS_seal   := libcrypto
PKGS_store  := sqlite3 libpq
PKGS_wire   := jansson
PKGS_crypto := libsodium
NCURSES_CFLAGS := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I ncursesw))
NCURSES_LIBS   := $(shell pkg-config --libs panelw ncursesw)
cflags_of = $(if $(PKGS_$(1)),$(patsubst -I%,-isystem %,$(call PKG,--cflags,$(PKGS_$(1)))))
CFLAGS_tui := -DNCURSES_WIDECHAR=1 -DNCURSES_NOMACROS $(NCURSES_CFLAGS)
$(foreach f,daemon sync doc sheet seal store wire crypto,$(eval CFLAGS_$(f) := $(call cflags_of,$(f))))
# Debian ships no .pc file for libxlsxwriter, nor for CUPS, whose headers alone are used: src/print
# loads the library when something is printed.
LIBS_CLIENT := $(NCURSES_LIBS) $(call PKG,--libs,jansson sqlite3 libsodium libcrypto) -lxlsxwriter
LIBS_DAEMON := $(call PKG,--libs,libmicrohttpd gnutls zlib jansson sqlite3 libpq libsodium libcrypto cairo pango pangocairo libqrencode) -lm -Wl,-u,db_pg_driver
LIBS_OFFICE := $(call PKG,--libs,jansson sqlite3 libsodium libcrypto)
CFLAGS_sheet :=

# ---- flags
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wcast-qual -Wcast-align \
	-Wwrite-strings -Wundef -Wvla -Wformat=2 -Wswitch-enum -Wnull-dereference \
	-Wdouble-promotion -Wimplicit-fallthrough -Wredundant-decls
IS_CLANG := $(findstring clang,$(shell $(CC) --version 2>/dev/null | head -n 1))
WARN += $(if $(IS_CLANG),-Wcomma -Wextra-semi-stmt -Wunreachable-code -Wconditional-uninitialized,\
	-Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init)
probe = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror -O2 $(1) -x c -o /dev/null - >/dev/null 2>&1 && echo '$(1)')
HARDEN_TRY := -D_FORTIFY_SOURCE=3 -fstack-clash-protection -fcf-protection=full \
	-ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr -fno-delete-null-pointer-checks \
	-fno-strict-overflow
HARDEN_LD_TRY := -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack -Wl,-z,separate-code
# The probes run once a compiler; their answer is kept beside the objects.
PROBED := build/probed-$(notdir $(firstword $(CC))).mk
-include $(PROBED)
ifdef HARDEN_KNOWN
else
HARDEN    := $(foreach f,$(HARDEN_TRY),$(call probe,$(f)))
HARDEN_LD := $(foreach f,$(HARDEN_LD_TRY),$(call probe,$(f)))
$(shell mkdir -p build; printf 'HARDEN_KNOWN := 1\nHARDEN := %s\nHARDEN_LD := %s\n' '$(HARDEN)' '$(HARDEN_LD)' > $(PROBED))
endif

ALL_CFLAGS := -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -Iinclude -Isrc \
	-DSHEBAO_VERSION='"$(VERSION)"' $(WARN) -fno-common -fstack-protector-strong -fPIE -g
ALL_LDFLAGS := -Wl,--as-needed
SANITIZE := -fsanitize=address,undefined
FLAVOUR_release := -O2 $(HARDEN)
FLAVOUR_debug   := -O1
FLAVOUR_clang   := -O1
FLAVOUR_asan    := -O1 $(SANITIZE) -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# Passwords cost nothing there: a thousand of them are checked in the tests.
FLAVOUR_asan    += -DSHEBAO_ARGON2_LIGHT
FLAVOUR_cov     := -O0 --coverage
FLAVOUR_fuzz    := -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
ALL_CFLAGS += $(FLAVOUR_$(FLAVOUR)) $(if $(WERROR),-Werror)
ALL_LDFLAGS += $(if $(filter release,$(FLAVOUR)),-pie $(HARDEN_LD)) \
	$(if $(filter asan,$(FLAVOUR)),$(SANITIZE)) $(if $(filter cov,$(FLAVOUR)),--coverage)

# ---- what there is
SRCS  := $(foreach f,$(FOLDERS),$(wildcard src/$(f)/*.c))
OBJS  := $(SRCS:src/%.c=$(BUILD)/obj/%.o)
MAINS := $(PROGRAMS:%=$(BUILD)/obj/%.o)
UNITS := $(wildcard tests/unit/*/test_*.c)
UNIT_BINS := $(UNITS:tests/unit/%.c=$(BUILD)/unit/%)
archive = $(BUILD)/lib/lib$(1).a
archives = $(foreach f,$(1),$(call archive,$(f)))
CLIENT_FOLDERS := screen plain cli app sync print sheet seal view store wire crypto tui core base
DAEMON_FOLDERS := daemon service doc seal bank view store wire crypto core base
OFFICE_FOLDERS := cli app sync print sheet seal view store wire crypto tui core base

.PHONY: all
all: $(PROGRAMS:%=$(BUILD)/%) $(BUILD)/libshebao.a lang ## the three programs and the library

$(BUILD)/shebao:    $(BUILD)/obj/shebao.o    $(call archives,$(CLIENT_FOLDERS)) | $(BUILD)/$(CATALOGUE)
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_CLIENT)
$(BUILD)/shebaod:   $(BUILD)/obj/shebaod.o   $(call archives,$(DAEMON_FOLDERS)) | $(BUILD)/$(CATALOGUE)
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_DAEMON) -lpthread
$(BUILD)/shebaoctl: $(BUILD)/obj/shebaoctl.o $(call archives,$(OFFICE_FOLDERS)) | $(BUILD)/$(CATALOGUE)
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_OFFICE) -lxlsxwriter $(NCURSES_LIBS)

define folder_rules
$(call archive,$(1)): $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c))
	@mkdir -p $$(@D)
	@rm -f $$@
	$(Q)$(AR) rcs $$@ $$^
$(BUILD)/obj/$(1)/%.o: src/$(1)/%.c
	@mkdir -p $$(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CFLAGS_$(1)) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $$@ $$<
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_rules,$(f))))
$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/libshebao.a: $(foreach f,$(LIB_FOLDERS),$(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(f)/*.c)))
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

# ---- tests
$(BUILD)/unit/%: tests/unit/%.c $(call archives,$(FOLDERS))
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests $(CFLAGS_$(firstword $(subst /, ,$*))) $(call PKG,--cflags,check) $(CPPFLAGS) $(CFLAGS) -MMD -MP \
		$(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
		$(call PKG,--libs,check) $(LIBS_CLIENT) $(LIBS_DAEMON) -lpthread

# What tests of whole files are made with.
$(BUILD)/documents/%: tests/documents/%.c $(call archives,doc sheet seal view core base)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_CLIENT) $(LIBS_DAEMON) -lpthread -lm

# The toolkit's widgets with made-up rows, for tests/screens.
$(BUILD)/tui_demo: $(wildcard tests/screens/*demo*.c) tests/screens/tui_demo.h $(call archives,tui base)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) \
		$(call archives,tui base) $(NCURSES_LIBS)

# Strings through the drawing code into a terminal emulation, for tests/harmless.
$(BUILD)/draw: tests/harmless/draw.c $(call archives,tui base)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CFLAGS_tui) $(call PKG,--cflags,vterm) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< \
		$(call archives,tui base) $(NCURSES_LIBS) $(call PKG,--libs,vterm) -lpthread

# A terminal that knows ZMODEM, for tests/print.
$(BUILD)/print/line: tests/print/line.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< -lutil

# A terminal of another encoding and width, for tests/screens.
$(BUILD)/relay: tests/screens/relay.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $< -lutil

# Slow senders by the thousand, and what the service manager hears, for tests/daemon.
$(BUILD)/slow $(BUILD)/notified $(BUILD)/speak: $(BUILD)/%: tests/daemon/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $<

.PHONY: test-programs
test-programs: $(BUILD)/slow $(BUILD)/notified $(BUILD)/speak $(BUILD)/relay $(BUILD)/documents/make_documents $(BUILD)/print/line $(BUILD)/tui_demo $(BUILD)/draw $(if $(filter asan,$(FLAVOUR)),$(BUILD)/monkey)

# Random keys for the full-screen client; only with the sanitizers is it worth its time.
KEYS ?= 10000
$(BUILD)/monkey: tests/screens/monkey.c tests/screens/monkey_terminal.c $(wildcard tests/screens/monkey*.h)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^)
.PHONY: monkey monkey-run
monkey: ## random keys for the client under ASan, KEYS=10000, SEED= to repeat a run
	$(Q)$(MAKE) --no-print-directory FLAVOUR=asan monkey-run
monkey-run: all $(BUILD)/monkey
	$(Q)scripts/monkey "$(CURDIR)/$(BUILD)" $(KEYS) $(SEED)

.PHONY: check-screens
check-screens: $(BUILD)/tui_demo ## pictures of the screens (tmux), ONLY=tui/form for one, BLESS=1 rewrites
	$(Q)tests/screens/run $(BUILD) $(ONLY)

.PHONY: unit-bins check-unit
unit-bins: $(UNIT_BINS) lang
check-unit: $(UNIT_BINS) lang ## the unit tests (Check), ONLY=core/test_money for one
	$(Q)scripts/run-units $(BUILD) $(ONLY)

# scripts/test is the whole; these are its parts under the names people try first.
.PHONY: check check-http check-story check-asan
check: ## every test (scripts/test)
	$(Q)scripts/test
check-http: all $(BUILD)/slow $(BUILD)/notified $(BUILD)/speak ## the daemon over real sockets (tests/daemon)
	$(Q)BUILD=$(BUILD) tests/daemon/run $(BUILD)
check-story: all ## the main job from end to end (tests/story)
	$(Q)BUILD=$(BUILD) tests/story/run $(BUILD)
check-asan: ## unit tests, daemon and story under ASan and UBSan
	$(Q)$(MAKE) --no-print-directory FLAVOUR=asan check-unit check-http check-story

# Counted afresh at each run. What is killed by a test writes no counts.
.PHONY: cover cover-run
COVER ?= story screens
cover: ## lines run by the unit tests and tests/PART/run, COVER="story screens" (gcov)
	$(Q)$(MAKE) --no-print-directory FLAVOUR=cov cover-run
cover-run: all test-programs $(UNIT_BINS)
	$(Q)find $(BUILD) -name '*.gcda' -exec rm -f {} +
	$(Q)scripts/run-units $(BUILD)
	$(Q)for part in $(COVER); do BUILD=$(BUILD) tests/$$part/run $(BUILD) || exit 1; done
	$(Q)scripts/coverage $(BUILD)

# Each target starts from its kept corpus; what it finds new stays in build/.
FUZZ_SECONDS ?= 20
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
.PHONY: fuzz fuzz-run fuzz-programs
fuzz: ## libFuzzer targets (clang), FUZZ_SECONDS=20 each, two at a time
	$(Q)$(MAKE) --no-print-directory FLAVOUR=fuzz CC=clang fuzz-run
fuzz-programs: $(FUZZERS:%=$(BUILD)/fuzz_%)
fuzz-run: fuzz-programs
	$(Q)FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run "$(BUILD)" $(FUZZERS)
STRINGS ?= 100000000
.PHONY: draw
draw: $(BUILD)/draw ## hostile strings through the drawing code into a terminal emulation, STRINGS=100000000
	$(Q)$(BUILD)/draw --strings $(STRINGS)
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(call archives,tui seal $(LIB_FOLDERS))
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -Itests $(CPPFLAGS) $(CFLAGS) -MMD -MP -o $@ $< \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_DAEMON) $(NCURSES_LIBS) -lpthread

include tests/bench/bench.mk

# The deterministic simulator: the programs' own objects between stand-ins (tests/sim/sim.h).
SEEDS ?= 2000
FROM  ?= 1
PAIRS ?= 1000
JOBS  ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
SIM_SRCS := $(wildcard tests/sim/*.c)
SIM_OBJS := $(SIM_SRCS:tests/sim/%.c=$(BUILD)/sim.d/%.o) \
	$(patsubst src/%.c,$(BUILD)/obj/%.o,src/sync/sync.c src/sync/sync_list.c)
SIM_WRAPPED := crypto_random crypto_random_hex crypto_password_hash crypto_password_verify \
	crypto_secret_alloc crypto_secret_free seal_verify file_save gethostname log_line db_is_sqlite db_texts db_open db_close db_commit db_rollback db_run_one \
	db_savepoint_undo \
	db_insert books_record_add books_record_update books_message_add books_message_update \
	books_message_remove books_claim_add books_claim_release books_claim_revive \
	books_levy_declaring books_levy_one books_levy_paying books_levy_settled mirror_put mirror_stage_swap
SIM_FOLDERS := app service doc sheet seal bank view store wire crypto core base
# SQLite's archive: half of a seed's time is spent there, and without the linker's tables a tenth less.
SIM_LIBS := -l:libsqlite3.a $(filter-out -lsqlite3,$(LIBS_CLIENT) $(LIBS_DAEMON)) -lpthread
$(BUILD)/sim: $(SIM_OBJS) $(call archives,$(SIM_FOLDERS))
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) $(SIM_WRAPPED:%=-Wl,--wrap=%) -o $@ $(SIM_OBJS) \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(SIM_LIBS)
$(BUILD)/sim.d/%.o: tests/sim/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -D_DEFAULT_SOURCE -Itests $(CFLAGS_sync) $(CFLAGS_store) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
.PHONY: sim
sim: $(BUILD)/sim ## the simulator over SEEDS=2000 seeds from FROM=1 on, with JOBS=2 workers
	$(Q)$(BUILD)/sim --jobs $(JOBS) --from $(FROM) --seeds $(SEEDS) --keep $(BUILD) \
		$(if $(filter-out 0,$(shell expr $(SEEDS) / 100000)),--matrix)
.PHONY: sim-sweep
sim-sweep: $(BUILD)/sim ## a death at every durable step of one story, and PAIRS=1000 of both sides
	$(Q)$(BUILD)/sim --jobs $(JOBS) --sweep --pairs $(PAIRS)
.PHONY: sim-bugs
sim-bugs: ## does the simulator find the deliberate bugs of tests/sim/bugs? (long)
	$(Q)tests/sim/bugs/run

# The torture's supervisor, its counter, and the programs with passwords that cost nothing, so that
# a cycle of kill, restart and audit takes a tenth of a second.
TORTURE := $(BUILD)/torture
$(TORTURE)/crypto.o: src/crypto/crypto.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -DSHEBAO_ARGON2_LIGHT $(CFLAGS_crypto) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(TORTURE)/shebao: $(BUILD)/obj/shebao.o $(TORTURE)/crypto.o $(call archives,$(CLIENT_FOLDERS))
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_CLIENT)
$(TORTURE)/shebaod: $(BUILD)/obj/shebaod.o $(TORTURE)/crypto.o $(call archives,$(DAEMON_FOLDERS))
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_DAEMON) -lpthread
$(TORTURE)/shebaoctl: $(BUILD)/obj/shebaoctl.o $(TORTURE)/crypto.o $(call archives,$(OFFICE_FOLDERS))
	$(Q)$(CC) $(ALL_LDFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) -Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS_OFFICE) -lxlsxwriter $(NCURSES_LIBS)
$(TORTURE)/preload.so: tests/torture/torture_preload.c
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O1 -fPIC -shared $(CPPFLAGS) -o $@ $< -ldl
$(TORTURE)/torture: $(filter-out %_preload.c,$(wildcard tests/torture/*.c)) tests/torture/torture.h
	@mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -O1 -g $(WARN) -Wno-format-nonliteral -Wno-missing-field-initializers $(CPPFLAGS) $(call PKG,--cflags,libpq) -o $@ $(filter %.c,$^) $(call PKG,--libs,sqlite3 libpq) -lpthread -lutil
.PHONY: torture torture-programs
torture-programs: $(addprefix $(TORTURE)/,shebao shebaod shebaoctl preload.so torture)
torture: all torture-programs ## real processes killed and hindered at every write, fsync, rename, connect, send (hours)
	$(Q)TORTURE_ALL=1 tests/torture/run $(BUILD)
	$(Q)CYCLES=60 tests/province/failover.sh $(BUILD)
	$(Q)ONLY=many MANY=300 tests/harmless/run $(BUILD)
-include $(SIM_OBJS:.o=.d)

-include $(OBJS:.o=.d) $(MAINS:.o=.d) $(UNIT_BINS:=.d) $(wildcard $(BUILD)/fuzz_*.d $(BUILD)/tui_demo.d)

MAN_PAGES := $(wildcard man/*.[1-8] man/zh_CN/*.[1-8])
.PHONY: man-made
man-made: all ## the manual pages and the guide that are printed from the programs' tables
	$(Q)for page in states keys; do scripts/make-$$page-page $(BUILD)/shebao >man/shebao-$$page.7 && \
		scripts/make-$$page-page $(BUILD)/shebao zh >man/zh_CN/shebao-$$page.7 || exit 1; done
	$(Q)scripts/make-guide-text >src/screen/guide_text.h

# ---- checks of the tree
.PHONY: layers symbols tour headers guide harden man-check lint
layers: ## every #include against the layer table (scripts/layers)
	$(Q)scripts/check-layers
symbols: $(OBJS) $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/*.c)) ## exported names begin with their file's stem
	$(Q)scripts/check-symbols $(BUILD)/obj $^
tour: ## src/README.md names functions that are where it says
	$(Q)scripts/check-tour
headers: ## every public header compiles alone
	$(Q)scripts/check-headers $(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(CFLAGS)
guide: ## sizes, forbidden functions, names that stand twice
	$(Q)scripts/check-guide
harden: all ## the hardening is in the programs (release)
	$(Q)scripts/check-harden $(PROGRAMS:%=$(BUILD)/%)
man-check: ## mandoc -Tlint over the manual pages
	$(Q)scripts/check-man $(MAN_PAGES)

# clang-tidy looks at a file again when its object was made again.
lint: $(SRCS:src/%.c=$(BUILD)/lint/%.ok) ## clang-tidy, one file at a time (make -j2 lint)
$(BUILD)/lint/%.ok: $(BUILD)/obj/%.o .clang-tidy
	@mkdir -p $(@D)
	$(Q)clang-tidy --quiet src/$*.c -- -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -Iinclude -Isrc \
		-DSHEBAO_VERSION='"$(VERSION)"' $(CFLAGS_$(firstword $(subst /, ,$*))) >$@.said 2>/dev/null \
		|| { cat $@.said; exit 1; }
	@mv $@.said $@

# ---- install
BINDIR  ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
LIBDIR  ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR  ?= $(PREFIX)/share/man
DOCDIR  ?= $(PREFIX)/share/doc/shebao
LOCALEDIR ?= $(PREFIX)/share/locale
UNITDIR ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
SYSCONFDIR ?= /etc
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR  ?= $(PREFIX)/share/zsh/site-functions
# The library's headers are those of its folders, as their guards say.
LIB_HEADERS := $(shell grep -lE '^\#ifndef SHEBAO_(WIRE|STORE|CRYPTO|CORE|BASE)_' include/shebao/*.h)
# FROM:TO pairs: what stands where; install and uninstall read the same list.
INSTALL_PROGRAMS := $(BUILD)/shebao:$(BINDIR)/shebao $(BUILD)/shebaoctl:$(BINDIR)/shebaoctl $(BUILD)/shebaod:$(SBINDIR)/shebaod
man_section = man$(patsubst .%,%,$(suffix $(1)))
INSTALL_DATA := $(foreach p,$(wildcard man/*.[1-8]),$(p):$(MANDIR)/$(call man_section,$(p))/$(notdir $(p)))
INSTALL_DATA += $(foreach p,$(wildcard man/zh_CN/*.[1-8]),$(p):$(MANDIR)/zh_CN/$(call man_section,$(p))/$(notdir $(p)))
INSTALL_DATA += $(BUILD)/$(CATALOGUE):$(LOCALEDIR)/en/LC_MESSAGES/shebao.mo
INSTALL_DATA += $(BUILD)/libshebao.a:$(LIBDIR)/libshebao.a $(foreach h,$(LIB_HEADERS),$(h):$(INCLUDEDIR)/shebao/$(notdir $(h)))
INSTALL_DATA += $(foreach f,README.md README.zh-CN.md scripts/install/sshd-kiosk.conf,$(f):$(DOCDIR)/$(notdir $(f)))
INSTALL_DATA += scripts/install/shebaod.sysusers:$(SYSUSERSDIR)/shebaod.conf
# What an administrator edits is put there once and never taken away.
INSTALL_CONFIG := $(foreach f,shebao.conf shebaod.conf,scripts/install/$(f):$(SYSCONFDIR)/shebao/$(f))
# The Chinese pages of the programs are printed from their help when they are installed.
CHINESE_PAGES := shebao.1 shebaoctl.8 shebaod.8
INSTALL_DATA += $(foreach p,$(CHINESE_PAGES),$(BUILD)/install/zh_CN/$(p):$(MANDIR)/zh_CN/$(call man_section,$(p))/$(p))
# Made for this PREFIX, or printed by the programs themselves.
completion_path = $(if $(filter bash,$(1)),$(BASHDIR)/$(2),$(ZSHDIR)/_$(2))
INSTALL_DATA += $(BUILD)/install/shebaod.service:$(UNITDIR)/shebaod.service $(BUILD)/install/shebao.pc:$(PKGCONFIGDIR)/shebao.pc
INSTALL_DATA += $(foreach s,bash zsh,$(foreach p,$(PROGRAMS),$(BUILD)/install/$(p).$(s):$(call completion_path,$(s),$(p))))

.PHONY: install install-made uninstall
install: all install-made ## programs, library, manual pages, completion, systemd unit (DESTDIR, PREFIX)
	$(Q)for pair in $(INSTALL_PROGRAMS); do install -D -m 755 "$${pair%%:*}" "$(DESTDIR)$${pair#*:}" || exit 1; done
	$(Q)for pair in $(INSTALL_DATA); do install -D -m 644 "$${pair%%:*}" "$(DESTDIR)$${pair#*:}" || exit 1; done
	$(Q)for pair in $(INSTALL_CONFIG); do [ -e "$(DESTDIR)$${pair#*:}" ] || \
		install -D -m 644 "$${pair%%:*}" "$(DESTDIR)$${pair#*:}" || exit 1; done
install-made: all
	$(Q)mkdir -p $(BUILD)/install && for program in shebao shebaoctl; do for shell in bash zsh; do \
		LC_ALL=C.UTF-8 $(BUILD)/$$program completion $$shell >"$(BUILD)/install/$$program.$$shell" || exit 1; done; done
	$(Q)printf 'complete -F _longopt shebaod\n' >$(BUILD)/install/shebaod.bash
	$(Q)printf '#compdef shebaod\n_gnu_generic "$$@"\n' >$(BUILD)/install/shebaod.zsh
	$(Q)mkdir -p $(BUILD)/install/zh_CN && for page in $(CHINESE_PAGES); do \
		scripts/make-command-page $(BUILD) $${page%.*} >$(BUILD)/install/zh_CN/$$page || exit 1; done
	$(Q)sed 's,@SBINDIR@,$(SBINDIR),' scripts/install/shebaod.service >$(BUILD)/install/shebaod.service
	$(Q)sed 's,@LIBDIR@,$(LIBDIR),;s,@INCLUDEDIR@,$(INCLUDEDIR),;s,@VERSION@,$(VERSION),' scripts/install/shebao.pc.in >$(BUILD)/install/shebao.pc
uninstall: ## remove what install put there
	$(Q)for pair in $(INSTALL_PROGRAMS) $(INSTALL_DATA); do rm -f "$(DESTDIR)$${pair#*:}"; done

# Debian packages in build/deb, made from a copy of the tree with scripts/debian as its debian/.
# DEB_REUSE=1 takes the objects that are here instead of compiling all again: for the tests.
DEB_TREE := build/deb/shebao-$(VERSION)
.PHONY: deb
deb: ## Debian packages of client, service, administration and library, in build/deb
	$(Q)rm -rf build/deb && mkdir -p $(DEB_TREE) && cp -a Makefile README.md README.zh-CN.md LICENSE src include man scripts tests $(DEB_TREE)
	$(Q)mv $(DEB_TREE)/scripts/debian $(DEB_TREE)/debian
	$(Q)[ -z "$(DEB_REUSE)" ] || { mkdir -p $(DEB_TREE)/build && cp -a build/release build/probed-*.mk $(DEB_TREE)/build/; }
	$(Q)cd $(DEB_TREE) && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS dpkg-buildpackage -us -uc -b >../build.log 2>&1 \
		|| { tail -n 30 ../build.log; exit 1; }
	$(Q)rm -rf $(DEB_TREE) && ls build/deb/*.deb

# The English catalogue; programs in the build tree find it beside them.
.PHONY: lang
lang: $(BUILD)/$(CATALOGUE) ## the English catalogue
$(BUILD)/$(CATALOGUE): src/lang/en.po
	@mkdir -p $(@D)
	$(Q)msgfmt -o $@ $<

.PHONY: format
format: ## clang-format every C file in place
	$(Q)clang-format -i $$(git ls-files '*.c' '*.h')

.PHONY: clean
clean: ## remove build/
	$(Q)rm -rf build

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
