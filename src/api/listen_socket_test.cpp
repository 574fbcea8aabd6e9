#include "api/listen_socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>

#include "base/scratch_folder.h"

namespace tocsin {
namespace {

SocketAddress loopback() { return {.ip = IpAddress::parse("127.0.0.1").value(), .port = 0}; }

class LocalSocket : public ::testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "tocsin.sock"; }

  ScratchFolder folder_;
};

TEST(ListenTcp, TakesAFreePort) {
  const auto socket = listen_tcp(loopback());
  ASSERT_TRUE(socket);
  EXPECT_NE(socket->address.port, 0);
  EXPECT_EQ(socket->address.ip.text(), "127.0.0.1");
}

// The most common trouble of a start: the message names the address and says what to do.
TEST(ListenTcp, SaysWhichAddressIsInUse) {
  const auto first = listen_tcp(loopback());
  ASSERT_TRUE(first);
  const auto second = listen_tcp(first->address);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
  EXPECT_EQ(second.error().message,
            first->address.text() +
                " is in use by another program. Stop that one, or choose another address with "
                "--listen.");
}

TEST(ListenTcp, SaysWhenTheAddressIsNotOurs) {
  const auto socket = listen_tcp({.ip = IpAddress::parse("192.0.2.1").value(), .port = 1});
  ASSERT_FALSE(socket);
  EXPECT_NE(socket.error().message.find("192.0.2.1:1"), std::string::npos);
}

TEST_F(LocalSocket, IsForItsOwnerOnly) {
  const auto socket = listen_local(path());
  ASSERT_TRUE(socket);
  struct stat found{};
  ASSERT_EQ(::stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600u);
}

// A crash leaves the file behind; the next start must not need a person.
TEST_F(LocalSocket, ReplacesOneThatNobodyAnswers) {
  {
    ASSERT_TRUE(listen_local(path()));
  }
  EXPECT_TRUE(std::filesystem::exists(path()));
  EXPECT_TRUE(listen_local(path()));
}

TEST_F(LocalSocket, LeavesALiveOneAlone) {
  const auto first = listen_local(path());
  ASSERT_TRUE(first);
  const auto second = listen_local(path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::busy);
}

TEST_F(LocalSocket, NeverRemovesAFileThatIsNoSocket) {
  std::ofstream(path()) << "precious";
  const auto socket = listen_local(path());
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().kind, ErrorKind::conflict);
  EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(LocalSocket, SaysWhenThePathIsTooLong) {
  const auto socket = listen_local(folder_.path() / std::string(120, 'x'));
  ASSERT_FALSE(socket);
  EXPECT_EQ(socket.error().kind, ErrorKind::invalid_input);
}

// We are our own uid.
TEST_F(LocalSocket, TrustsItsOwnUser) {
  const auto socket = listen_local(path());
  ASSERT_TRUE(socket);
  const UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_storage storage{};
  const socklen_t length = socket->address.to_sockaddr(storage);
  ASSERT_EQ(::connect(client.get(), reinterpret_cast<const sockaddr*>(&storage), length), 0);
  EXPECT_EQ(trusted_peer(client.get()), ::geteuid());
  EXPECT_FALSE(trusted_peer(-1));
}

}  // namespace
}  // namespace tocsin
