// tocsin setup-link without a server, and with one whose answers are not ours to trust. With a real
// server: tests/e2e/accounts_test.py.
#include <gtest/gtest.h>
#include <sys/un.h>

#include <cstring>
#include <thread>

#include "base/scratch_folder.h"
#include "cli/test_support.h"

namespace tocsin::cli {
namespace {

// A server on the local socket of `data` that gives one answer.
class OneAnswer {
 public:
  OneAnswer(const std::filesystem::path& data, const std::string& status, const std::string& body)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const std::string path = data / "tocsin.sock";
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    EXPECT_LT(path.size(), sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(::bind(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(fd_.get(), 1), 0);
    thread_ = std::thread([this, status, body] {
      const UniqueFd client(::accept(fd_.get(), nullptr, nullptr));
      std::string request(4096, '\0');
      request.resize(static_cast<size_t>(
          std::max<ssize_t>(0, ::recv(client.get(), request.data(), request.size(), 0))));
      request_ = request.substr(0, request.find('\r'));
      const std::string reply =
          "HTTP/1.1 " + status +
          "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
          "\r\n\r\n" + body;
      static_cast<void>(::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL));
    });
  }
  ~OneAnswer() { asked(); }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  std::string asked() {
    if (thread_.joinable()) {
      thread_.join();
    }
    return request_;
  }

 private:
  UniqueFd fd_;
  std::string request_;
  std::thread thread_;
};

TEST(SetupLink, PrintsTheLinkAndNothingElse) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", R"({"link":"http://127.0.0.1:8400/#/setup/abc"})");
  CliRun cli;
  cli.run({"setup-link", "--data", folder.path()});
  EXPECT_EQ(server.asked(), "GET /api/v1/setup/link HTTP/1.1");
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.error;
  EXPECT_EQ(cli.out, "http://127.0.0.1:8400/#/setup/abc\n");
}

// What a terminal would obey is not handed to it.
TEST(SetupLink, EscapesALink) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", "{\"link\":\"http://a/\\u001b[2J\"}");
  CliRun cli;
  EXPECT_EQ(cli.run({"setup-link", "--data", folder.path()}).out, "http://a/\\x1B[2J\n");
}

TEST(SetupLink, SaysThatSomebodyCanSignInAlready) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "409 Conflict",
                   R"({"title":"Conflict","detail":"This server is set up: sign in."})");
  CliRun cli;
  cli.run({"setup-link", "--data", folder.path()});
  EXPECT_EQ(cli.code, ExitCode::failed);
  EXPECT_EQ(cli.out, "");
  EXPECT_EQ(cli.error, "tocsin setup-link: Conflict: This server is set up: sign in.\n");
}

TEST(SetupLink, RefusesAnAnswerWithoutALink) {
  const ScratchFolder folder;
  OneAnswer server(folder.path(), "200 OK", "[]");
  CliRun cli;
  EXPECT_EQ(cli.run({"setup-link", "--data", folder.path()}).code, ExitCode::unreachable);
  EXPECT_EQ(cli.error, "tocsin setup-link: the server's answer holds no link\n");
}

// Without root, or before the service runs: the next step is said.
TEST(SetupLink, WithoutAServerSaysWhoIsTold) {
  const ScratchFolder folder;
  const std::string data = folder.path();
  CliRun cli;
  EXPECT_EQ(cli.run({"setup-link", "--data", data}).code, ExitCode::unreachable);
  EXPECT_EQ(cli.error, "tocsin setup-link: no server answers at " + data +
                           "/tocsin.sock: No such file or directory\n  a running server tells the "
                           "link to its own user and to root: sudo tocsin setup-link --data " +
                           data + "\n");
}

}  // namespace
}  // namespace tocsin::cli
