/* SPDX-License-Identifier: GPL-3.0-or-later */
/* seccomp: a table of system calls that nothing here makes, as a filter. */
#define _GNU_SOURCE
#include "sandbox_calls.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "shebao/mem.h"

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#else
#define MACHINE 0 /* not known: no filter */
#endif
/* The leak checker forks and traces this process at its end. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_CHECKED 1
#else
#define IS_CHECKED 0
#endif
#define X32_BIT 0x40000000u
#define FAST_OPEN 0x20000000u /* MSG_FASTOPEN: connects without connect(2) */
#define FILTER_MAX 240

/* Refused to all. Numbers that this machine does not have are not in the table. */
static const long refused[] = {
	SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp,
	SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_setns, SYS_unshare,
	SYS_bpf, SYS_perf_event_open, SYS_userfaultfd,
	SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
	SYS_keyctl, SYS_add_key, SYS_request_key,
	SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot,
	SYS_swapon, SYS_swapoff, SYS_sethostname, SYS_setdomainname, SYS_acct,
	SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
	SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_quotactl, SYS_vhangup,
	SYS_fanotify_init, SYS_syslog, SYS_personality,
	SYS_mknodat, SYS_fchmodat, SYS_fchownat, SYS_symlinkat,
	SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid,
	SYS_setgroups, SYS_setfsuid, SYS_setfsgid, SYS_capset,
	SYS_bind, SYS_listen,
#ifdef SYS_chmod
	SYS_chmod, SYS_chown, SYS_lchown, SYS_mknod, SYS_symlink,
#endif
#ifdef SYS_ioperm
	SYS_ioperm, SYS_iopl,
#endif
#ifdef SYS_modify_ldt
	SYS_modify_ldt,
#endif
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
#ifdef SYS_move_mount
	SYS_open_tree, SYS_move_mount, SYS_fsopen, SYS_fsconfig, SYS_fsmount, SYS_fspick,
#endif
#ifdef SYS_mount_setattr
	SYS_mount_setattr,
#endif
#ifdef SYS_pidfd_getfd
	SYS_pidfd_open, SYS_pidfd_getfd, SYS_pidfd_send_signal,
#endif
#ifdef SYS_process_madvise
	SYS_process_madvise,
#endif
};

/* Refused unless there are children. */
static const long of_children[] = {
	SYS_execve, SYS_execveat, SYS_kill, SYS_tkill, SYS_rt_sigqueueinfo,
#ifdef SYS_fork
	SYS_fork, SYS_vfork,
#endif
};

static const long of_servers[] = {
	SYS_accept4,
#ifdef SYS_accept
	SYS_accept,
#endif
};

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short count;
};

static void
put(struct filter *f, unsigned short op, uint32_t k, unsigned char yes, unsigned char no)
{
	if (f->count < FILTER_MAX) {
		f->code[f->count] = (struct sock_filter){ op, yes, no, k };
	}
	f->count++;
}

static void
answer(struct filter *f, uint32_t what)
{
	put(f, BPF_RET | BPF_K, what, 0, 0);
}

static void
refuse(struct filter *f, int number)
{
	answer(f, SECCOMP_RET_ERRNO | (uint32_t)number);
}

static void
load_number(struct filter *f)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
}

/* The low half of an argument, of a machine that stores it first. */
static void
load_argument(struct filter *f, int which)
{
	put(f, BPF_LD | BPF_W | BPF_ABS,
	    (uint32_t)(offsetof(struct seccomp_data, args) + 8 * (size_t)which), 0, 0);
}

static void
refuse_all(struct filter *f, const long *calls, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		put(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i], 0, 1);
		refuse(f, EPERM);
	}
}

/* Of one call, those whose argument has the wanted bits (all or none of value) are refused; the
 * call's number is loaded again behind it. */
static void
refuse_bits(struct filter *f, long call, int argument, uint32_t bits, int is_set)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
	load_argument(f, argument);
	put(f, BPF_JMP | BPF_JSET | BPF_K, bits, is_set ? 0 : 1, is_set ? 1 : 0);
	refuse(f, EPERM);
	load_number(f);
}

static void
refuse_value(struct filter *f, long call, int argument, uint32_t value)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
	load_argument(f, argument);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	refuse(f, EPERM);
	load_number(f);
}

static void
allow_if(struct filter *f, uint32_t value)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	answer(f, SECCOMP_RET_ALLOW);
}

/* socket(2): the families that the rules name. Of the network only TCP proper (MPTCP is not
 * under Landlock's ports), and UDP to look up names. socketpair(2) is harmless. */
static void
filter_sockets(struct filter *f, unsigned flags)
{
	unsigned short skip;

	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 0);
	skip = f->count; /* its jump is set below */
	load_argument(f, 0);
	if ((flags & SANDBOX_LOCAL) != 0) {
		allow_if(f, AF_UNIX);
	}
	if ((flags & SANDBOX_LOOKUP) != 0) {
		allow_if(f, AF_NETLINK); /* which addresses this machine has */
	}
	if ((flags & SANDBOX_NETWORK) != 0) {
		put(f, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 2, 0);
		put(f, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 1, 0);
		refuse(f, EPERM);
		load_argument(f, 2);
		put(f, BPF_JMP | BPF_JGT | BPF_K, 17 /* UDP */, 0, 1);
		refuse(f, EPERM);
		load_argument(f, 1);
		put(f, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0);
		allow_if(f, SOCK_STREAM);
		if ((flags & SANDBOX_LOOKUP) != 0) {
			allow_if(f, SOCK_DGRAM);
		}
	}
	refuse(f, EPERM);
	if (skip <= FILTER_MAX) {
		f->code[skip - 1].jf = (unsigned char)(f->count - skip);
	}
}

/* Threads are made, processes are not. The flags of clone3 are out of a filter's sight: without
 * it the C library falls back on clone. */
static void
filter_clone(struct filter *f)
{
	refuse_bits(f, SYS_clone, 0, CLONE_THREAD, 0);
#ifdef SYS_clone3
	put(f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
	refuse(f, ENOSYS);
#endif
}

static void
make(struct filter *f, unsigned flags)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	answer(f, SECCOMP_RET_KILL_PROCESS);
	load_number(f);
	put(f, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
	refuse(f, EPERM);
	refuse_all(f, refused, ARRAY_LEN(refused));
	if ((flags & SANDBOX_CHILDREN) == 0) {
		refuse_all(f, of_children, ARRAY_LEN(of_children));
		filter_clone(f);
	}
	if ((flags & SANDBOX_SERVE) == 0) {
		refuse_all(f, of_servers, ARRAY_LEN(of_servers));
	}
	refuse_value(f, SYS_ioctl, 1, TIOCSTI);
	refuse_value(f, SYS_ioctl, 1, 0x541C /* TIOCLINUX */);
	refuse_bits(f, SYS_sendto, 3, FAST_OPEN, 1);
	refuse_bits(f, SYS_sendmsg, 2, FAST_OPEN, 1);
	refuse_bits(f, SYS_sendmmsg, 3, FAST_OPEN, 1);
	filter_sockets(f, flags);
	answer(f, SECCOMP_RET_ALLOW);
}

int
sandbox_calls_work(void)
{
	return MACHINE != 0 && !IS_CHECKED && prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
}

int
sandbox_calls_enter(const struct sandbox_rules *rules)
{
	struct filter filter = { .count = 0 };
	struct sock_fprog program = { 0, filter.code };

	if (!sandbox_calls_work()) {
		return -1;
	}
	make(&filter, rules->flags);
	if (filter.count > FILTER_MAX) {
		return -1;
	}
	program.len = filter.count;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) == 0
	    ? 0
	    : -1;
}
