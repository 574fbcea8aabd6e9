// Trouble inside one process, made from outside: loaded before the C library (LD_PRELOAD), it looks at a page of shared memory that the
// campaign writes (false_down.py, class Shim) and lets calls fail, wait, or tell another time. The machine itself is left alone.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// All of the words are written by the campaign, but those that count.
struct page {
  _Atomic int64_t connect_errno;   // of connect(2) to an IP address; 0: none
  _Atomic int64_t socket_errno;    // of socket(2) for an IP address
  _Atomic int64_t percent;         // of the calls that fail
  _Atomic int64_t clock_push_us;   // added to CLOCK_REALTIME
  _Atomic int64_t sync_stall_ms;   // how long fsync(2) and fdatasync(2) take
  _Atomic int64_t hoard;           // 1: every free descriptor is taken; 0: given back
  _Atomic int64_t injected;        // calls that failed so
  _Atomic int64_t hoarded;         // descriptors taken
};

static struct page* page;
static _Atomic uint32_t calls;
static int hoard[65536];
static atomic_flag hoard_lock = ATOMIC_FLAG_INIT;

__attribute__((constructor)) static void open_page(void) {
  const char* path = getenv("TOCSIN_TROUBLE_PAGE");
  if (path == NULL) {
    return;
  }
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  void* memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  page = memory == MAP_FAILED ? NULL : memory;
}

static int is_hit(int64_t error) {
  if (error == 0) {
    return 0;
  }
  const uint32_t number = atomic_fetch_add(&calls, 1);
  if ((number * 2654435761U >> 16) % 100 >= (uint32_t)page->percent) {
    return 0;
  }
  atomic_fetch_add(&page->injected, 1);
  errno = (int)error;
  return 1;
}

// Whoever makes a socket finds the others gone: taken and given back right before.
static void keep_hoard(void) {
  if (atomic_flag_test_and_set(&hoard_lock)) {
    return;
  }
  int64_t count = page->hoarded;
  if (page->hoard != 0) {
    while (count < (int64_t)(sizeof hoard / sizeof *hoard) && (hoard[count] = fcntl(0, F_DUPFD_CLOEXEC, 0)) >= 0) {
      ++count;
    }
  } else {
    while (count > 0) {
      close(hoard[--count]);
    }
  }
  page->hoarded = count;
  atomic_flag_clear(&hoard_lock);
}

static int is_ip(int family) { return family == AF_INET || family == AF_INET6; }

int socket(int domain, int type, int protocol) {
  if (page != NULL && is_ip(domain)) {
    keep_hoard();
    if (is_hit(page->socket_errno)) {
      return -1;
    }
  }
  return (int)syscall(SYS_socket, domain, type, protocol);
}

int connect(int fd, const struct sockaddr* address, socklen_t length) {
  if (page != NULL && is_ip(address->sa_family) && is_hit(page->connect_errno)) {
    return -1;
  }
  return (int)syscall(SYS_connect, fd, address, length);
}

int clock_gettime(clockid_t id, struct timespec* at) {
  static int (*real)(clockid_t, struct timespec*);
  if (real == NULL) {
    *(void**)&real = dlsym(RTLD_NEXT, "clock_gettime");
  }
  const int done = real != NULL ? real(id, at) : (int)syscall(SYS_clock_gettime, id, at);
  if (done == 0 && page != NULL && id == CLOCK_REALTIME && page->clock_push_us != 0) {
    const int64_t nanoseconds = at->tv_nsec + page->clock_push_us % 1000000 * 1000 + 1000000000;
    at->tv_sec += page->clock_push_us / 1000000 + nanoseconds / 1000000000 - 1;
    at->tv_nsec = nanoseconds % 1000000000;
  }
  return done;
}

static void stall(void) {
  if (page != NULL && page->sync_stall_ms > 0) {
    const struct timespec wait = {page->sync_stall_ms / 1000, page->sync_stall_ms % 1000 * 1000000};
    syscall(SYS_nanosleep, &wait, NULL);
  }
}

int fsync(int fd) {
  stall();
  return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
  stall();
  return (int)syscall(SYS_fdatasync, fd);
}
