#include "notify_systemd.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstring>

#include "base/scratch_folder.h"
#include "base/unique_fd.h"

namespace tocsin {
namespace {

// A supervisor that asked gets exactly the state.
TEST(NotifySystemd, SendsTheStateToTheSocket) {
  const ScratchFolder folder;
  const std::string path = folder.path() / "socket";
  const UniqueFd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  std::memcpy(address.sun_path, path.data(), path.size());
  ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  notify_systemd(path, "READY=1");
  std::array<char, 32> got{};
  const ssize_t bytes = ::recv(fd.get(), got.data(), got.size(), 0);
  ASSERT_GT(bytes, 0);
  EXPECT_EQ(std::string(got.data(), static_cast<size_t>(bytes)), "READY=1");
}

// Nobody asked, or nobody is there: nothing happens.
TEST(NotifySystemd, IsSilentWithoutAListener) {
  notify_systemd(std::nullopt, "READY=1");
  notify_systemd("/nonexistent/socket", "READY=1");
  notify_systemd(std::string(500, 'x'), "READY=1");
}

}  // namespace
}  // namespace tocsin
