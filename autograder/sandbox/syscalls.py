"""The filter of system calls: what code in the sandbox may not ask of the Linux kernel.

A list of what is refused, as container engines and Flatpak keep it: calls that reach other
processes, make new namespaces, change mounts, load code into the kernel, or hide memory from the
watchdog. They fail with EPERM, as without the right to them, so that programs say so.
"""

import errno
import os
import socket
from functools import cache

import pyseccomp

REFUSED = (
    # other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise",
    # namespaces and mounts
    "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot", "move_mount",
    "open_tree", "fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "name_to_handle_at",
    "open_by_handle_at", "quotactl", "quotactl_fd", "swapon", "swapoff", "acct", "syslog",
    # the kernel itself
    "bpf", "perf_event_open", "userfaultfd", "init_module", "finit_module", "delete_module",
    "kexec_load", "kexec_file_load", "reboot", "settimeofday", "clock_settime", "adjtimex",
    "clock_adjtime", "iopl", "ioperm", "add_key", "request_key", "keyctl", "lookup_dcookie",
    "io_setup", "io_uring_setup", "io_uring_enter", "io_uring_register", "personality",
    "nfsservctl", "vhangup", "modify_ldt", "fanotify_init",
    # a share of the machine that is not its own
    "sched_setaffinity",
    # memory that belongs to no process's size
    "memfd_create", "memfd_secret", "shmget", "msgget", "semget", "mq_open", "mlock", "mlockall",
    "mlock2", "set_mempolicy", "mbind", "migrate_pages", "move_pages",
)  # fmt: skip
COMPUTING = (  # what a process needs that has all it needs, and one open line
    "read", "write", "recvfrom", "sendto", "close", "brk", "munmap", "mremap", "madvise", "futex",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "setitimer", "clock_gettime",
    "gettimeofday", "getrandom", "sched_yield", "exit", "exit_group",
)  # fmt: skip
PROT_EXEC = 4
NAMESPACES = 0x7E020000  # the CLONE_NEW… flags of clone(2); NEWTIME is none of its flags
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)
NETLINK_ROUTE = 0
TIOCSTI, TIOCLINUX = 0x5412, 0x541C


def load() -> None:
    """Put the filter on this thread, for good; another architecture's calls end the process."""
    _rules().load()


def load_computing() -> None:
    """Put a filter on this thread, for good, that leaves it memory and its open line alone."""
    filter_ = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    filter_.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for name in COMPUTING:
        filter_.add_rule(pyseccomp.ALLOW, name)
    for name in ("mmap", "mprotect"):  # memory, but no new code
        arg = pyseccomp.Arg(2, pyseccomp.MASKED_EQ, PROT_EXEC, 0)
        filter_.add_rule(pyseccomp.ALLOW, name, arg)
    filter_.load()


@cache
def program() -> bytes:
    """The filter as the kernel's own bytes (BPF), for bubblewrap to load."""
    fd = os.memfd_create("filter", os.MFD_CLOEXEC)
    with os.fdopen(fd, "r+b") as file:
        _rules().export_bpf(file)
        return os.pread(fd, 2**16, 0)


def _rules() -> pyseccomp.SyscallFilter:
    filter_ = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    filter_.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    refuse = pyseccomp.ERRNO(errno.EPERM)
    for name in REFUSED:
        if pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) >= 0:
            filter_.add_rule(refuse, name)
    _refuse_new_namespaces(filter_, refuse)
    _refuse_sockets(filter_, refuse)
    for request in (TIOCSTI, TIOCLINUX):
        arg = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, 0xFFFFFFFF, request)
        filter_.add_rule(refuse, "ioctl", arg)
    return filter_


def _refuse_new_namespaces(filter_: pyseccomp.SyscallFilter, refuse: int) -> None:
    """clone3 hides its flags in memory: "not there" makes the C library use clone instead."""
    filter_.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    for bit in range(32):
        if (flag := 1 << bit) & NAMESPACES:
            filter_.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))


def _refuse_sockets(filter_: pyseccomp.SyscallFilter, refuse: int) -> None:
    """Only Unix and internet sockets (of the room's own loopback), and the netlink of routes, which
    libzmq asks for the interfaces."""
    netlink = int(socket.AF_NETLINK)
    allowed = sorted({*map(int, FAMILIES), netlink})
    for family in range(max(allowed) + 1):
        if family not in allowed:
            filter_.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    filter_.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.GT, max(allowed)))
    pair = pyseccomp.Arg(0, pyseccomp.NE, int(socket.AF_UNIX))
    filter_.add_rule(refuse, "socketpair", pair)
    wrong = pyseccomp.Arg(2, pyseccomp.NE, NETLINK_ROUTE)
    filter_.add_rule(refuse, "socket", pyseccomp.Arg(0, pyseccomp.EQ, netlink), wrong)
