#include "signals.h"

#include <signal.h>
#include <sys/signalfd.h>

namespace tocsin {
namespace {

sigset_t wanted_signals() {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  sigaddset(&wanted, SIGHUP);
  return wanted;
}

}  // namespace

void block_signals() {
  const sigset_t wanted = wanted_signals();
  pthread_sigmask(SIG_BLOCK, &wanted, nullptr);
  static_cast<void>(::signal(SIGPIPE, SIG_IGN));
}

Result<SignalEvents> SignalEvents::watch(ProbeIo& io, std::function<void(int)> handle) {
  const sigset_t wanted = wanted_signals();
  UniqueFd fd(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!fd.valid()) {
    return fail(ErrorKind::io, "The system gives no descriptor for signals.");
  }
  io.watch(fd.get(), true, false, [raw = fd.get(), handle = std::move(handle)](bool, bool) {
    signalfd_siginfo info{};
    while (::read(raw, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
      handle(static_cast<int>(info.ssi_signo));
    }
  });
  return SignalEvents(io, std::move(fd));
}

SignalEvents::~SignalEvents() {
  if (fd_.valid()) {
    io_.watch(fd_.get(), false, false, nullptr);
  }
}

}  // namespace tocsin
