// without-locks PROGRAM ARGUMENTS...: runs it, and what it starts, as on a network's file system that has neither flock(2) nor
// RENAME_NOREPLACE. Exit code 77 if that can't be had here.
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>

namespace {

#if defined(__x86_64__)
constexpr unsigned here = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned here = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned here = 0;
#endif

constexpr int exit_not_possible = 77;

constexpr sock_filter load(unsigned offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset); }
constexpr sock_filter skip_unless(unsigned value, unsigned char steps) { return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, steps); }
constexpr sock_filter end_with(unsigned action) { return BPF_STMT(BPF_RET | BPF_K, action); }
constexpr sock_filter fail_with(unsigned error) { return end_with(SECCOMP_RET_ERRNO | error); }

bool forbid_locks() {
  sock_filter steps[] = {load(offsetof(seccomp_data, arch)),
                         skip_unless(here, 7),
                         load(offsetof(seccomp_data, nr)),
                         skip_unless(SYS_flock, 1),
                         fail_with(ENOLCK),
                         skip_unless(SYS_renameat2, 3),
                         load(offsetof(seccomp_data, args) + 4 * sizeof(std::uint64_t)),  // its flags
                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
                         fail_with(EINVAL),
                         end_with(SECCOMP_RET_ALLOW)};
  const sock_fprog program{static_cast<unsigned short>(std::size(steps)), steps};
  return here != 0 && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || !forbid_locks()) return exit_not_possible;
  ::execv(argv[1], argv + 1);
  std::perror(argv[1]);
  return exit_not_possible;
}
