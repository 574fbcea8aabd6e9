// The commands that talk to a server: addresses and tokens, answers, problems, the table.
#include <gtest/gtest.h>

#include <thread>

#include "api/token.h"
#include "base/scratch_folder.h"
#include "cli/api_client.h"
#include "cli/api_problem.h"
#include "cli/monitor_rows.h"
#include "cli/serve_command.h"
#include "cli/server_address.h"
#include "cli/test_support.h"
#include "cli/token_store.h"
#include "store/sqlite_store.h"

namespace tocsin::cli {
namespace {

Environment environment_of(const std::map<std::string, std::string>& values) {
  return [values](const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
  };
}

Arguments arguments_of(const std::map<std::string, std::string>& values) {
  Arguments arguments;
  for (const auto& [name, value] : values) {
    arguments.values[name].push_back(value);
    ++arguments.counts[name];
  }
  return arguments;
}

TEST(ServerAddress, FlagsWinOverTheEnvironment) {
  const auto plain = read_server_address({}, environment_of({}));
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->url, "http://127.0.0.1:8400");
  EXPECT_EQ(plain->token, "");
  const auto both =
      read_server_address(arguments_of({{"server", "https://a/"}}),
                          environment_of({{"TOCSIN_SERVER", "http://b"}, {"TOCSIN_TOKEN", "t"}}));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->url, "https://a");
  EXPECT_EQ(both->token, "t");
  const auto local = read_server_address(arguments_of({{"data", "/var/x"}}), environment_of({}));
  ASSERT_TRUE(local);
  EXPECT_EQ(local->socket, "/var/x/tocsin.sock");
}

// The message names the variable: a person who typed no address looks in vain for it otherwise.
TEST(ServerAddress, SaysWhichAddressIsWrong) {
  const auto error_of = [](const Arguments& arguments, const Environment& environment) {
    const auto server = read_server_address(arguments, environment);
    return server ? "" : server.error().message;
  };
  EXPECT_EQ(error_of(arguments_of({{"server", "http://"}}), environment_of({})),
            "--server must be an address such as http://127.0.0.1:8400, got 'http://'");
  EXPECT_EQ(error_of(arguments_of({{"server", "http://a b"}}), environment_of({})),
            "--server must be an address such as http://127.0.0.1:8400, got 'http://a b'");
  EXPECT_EQ(error_of({}, environment_of({{"TOCSIN_SERVER", "tocsin:8400"}})),
            "TOCSIN_SERVER must be an address such as http://127.0.0.1:8400, got 'tocsin:8400'");
  EXPECT_EQ(error_of({}, environment_of({{"TOCSIN_SERVER", ""}})), "");
}

TEST(ServerAddress, ReadsATokenFileWhole) {
  const ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "token";
  std::ofstream(file) << "tocsin_abc\n";
  const auto read = read_server_address(arguments_of({{"token-file", file}}), environment_of({}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->token, "tocsin_abc");
  std::ofstream(file) << "two words\n";
  const auto odd = read_server_address(arguments_of({{"token-file", file}}), environment_of({}));
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().message,
            "the token file " + file.string() + " must hold one token and nothing else");
  const auto none =
      read_server_address(arguments_of({{"token-file", "/nonexistent"}}), environment_of({}));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "the token file /nonexistent cannot be read");
}

TEST(ServeOptions, ReadsAddressesAndUrl) {
  const auto options = read_serve_options(arguments_of(
      {{"config", "a"}, {"data", "d"}, {"listen", "[::1]:0"}, {"public-url", "https://t/x//"}}));
  ASSERT_TRUE(options) << options.error().message;
  EXPECT_EQ(options->listen.front().text(), "[::1]:0");
  EXPECT_EQ(options->public_url, "https://t/x");
  EXPECT_FALSE(options->json_log);
  const auto name = read_serve_options(arguments_of({{"listen", "localhost:8400"}}));
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().message,
            "--listen needs an IP address and a port, like 127.0.0.1:8400 or [::]:8400, got "
            "'localhost:8400'");
  EXPECT_FALSE(read_serve_options(arguments_of({{"public-url", "t.example.com"}})));
  EXPECT_FALSE(read_serve_options(arguments_of({{"listen", "8400"}})));
}

// One canned answer of a server that is not ours to trust.
std::string answer_once(const LoopbackPort& port, std::string reply) {
  std::string request(4096, '\0');
  const UniqueFd client(::accept(port.fd(), nullptr, nullptr));
  const ssize_t bytes = ::recv(client.get(), request.data(), request.size(), 0);
  request.resize(bytes > 0 ? static_cast<size_t>(bytes) : 0);
  static_cast<void>(::send(client.get(), reply.data(), reply.size(), MSG_NOSIGNAL));
  return request;
}

TEST(ApiClient, SendsTheTokenAndGivesTheAnswer) {
  const LoopbackPort port(true);
  std::string request;
  std::thread server([&] {
    request = answer_once(port,
                          "HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\n"
                          "Content-Length: 2\r\n\r\n{}");
  });
  const auto reply = ApiClient(ServerAddress{.url = "http://" + port.target(), .token = "tocsin_x"})
                         .call("POST", "/api/v1/tokens", R"({"a":1})");
  server.join();
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, 401);
  EXPECT_EQ(reply->content_type, "application/problem+json");
  EXPECT_TRUE(request.starts_with("POST /api/v1/tokens HTTP/1.1\r\n")) << request;
  EXPECT_NE(request.find("Authorization: Bearer tocsin_x\r\n"), std::string::npos);
  EXPECT_TRUE(request.ends_with(R"({"a":1})"));
}

TEST(ApiClient, NobodyThereIsUnavailable) {
  const LoopbackPort port(false);
  const auto reply = ApiClient(ServerAddress{.url = "http://" + port.target()}).call("GET", "/");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(reply.error().message,
            "no server answers at http://" + port.target() + ": Connection refused");
}

// What was tried is a socket in a folder, not "localhost port 80", and the next step is said.
TEST(MonitorsList, WithoutAServerNamesTheSocketAndTheNextStep) {
  const ScratchFolder folder;
  const std::string data = folder.path();
  CliRun cli;
  cli.run({"monitors", "list", "--data", data});
  EXPECT_EQ(cli.code, ExitCode::unreachable);
  EXPECT_EQ(cli.out, "");
  EXPECT_EQ(cli.error, "tocsin monitors list: no server answers at " + data +
                           "/tocsin.sock: No such file or directory\n  start it: tocsin serve "
                           "--config PATH --data " +
                           data + "; or ask another: --server URL\n");
}

TEST(MonitorsList, WithoutAServerNamesTheUrlAndTheNextStep) {
  const LoopbackPort port(false);
  CliRun cli;
  cli.run({"monitors", "list", "--server", "http://" + port.target()});
  EXPECT_EQ(cli.code, ExitCode::unreachable);
  EXPECT_EQ(cli.error, "tocsin monitors list: no server answers at http://" + port.target() +
                           ": Connection refused\n  start one: tocsin serve --config PATH --data "
                           "DIR; or say where it is: --data DIR on this machine, --server URL "
                           "elsewhere\n");
}

TEST(ApiProblem, ShowsTitleDetailAndHints) {
  const ApiReply reply{
      .status = 422,
      .content_type = "application/problem+json",
      .body = R"({"title":"Unprocessable Content","detail":"1 field is invalid.","errors":[)"
              R"({"pointer":"?status","message":"no such status","hint":"write up"}]})"};
  EXPECT_EQ(api_problem_text(reply),
            "Unprocessable Content: 1 field is invalid.\n"
            "  ?status: no such status\n"
            "    hint: write up");
  EXPECT_EQ(exit_code_of(reply), ExitCode::failed);
  EXPECT_EQ(api_problem_text({.status = 502, .body = "<html>"}),
            "the server answered 502 and no reason that this program can read");
}

TEST(ApiProblem, StatusDecidesTheExitCode) {
  EXPECT_EQ(exit_code_of({.status = 200}), ExitCode::ok);
  EXPECT_EQ(exit_code_of({.status = 401}), ExitCode::not_logged_in);
  EXPECT_EQ(exit_code_of({.status = 403}), ExitCode::not_logged_in);
  EXPECT_EQ(exit_code_of({.status = 404}), ExitCode::not_found);
  EXPECT_EQ(exit_code_of({.status = 503}), ExitCode::unreachable);
  EXPECT_EQ(exit_code_of({.status = 301}), ExitCode::failed);
}

TEST(MonitorTable, IsGolden) {
  const auto page = read_monitor_page(
      R"({"data":[{"id":"redis","target":"127.0.0.1:6379","status":"up","since":"2026-11-21T13:00:00Z",)"
      R"("error":null,"last_result":{"response_time_us":4800}},)"
      R"({"id":"mail/relay","target":"mail:25","status":"down","since":"2026-11-21T13:59:00Z",)"
      R"("error":{"message":"Nothing listens on this port."},"last_result":{"response_time_us":9}},)"
      R"({"id":"new","target":"n:1","status":"pending","since":null,"error":null,"last_result":null}],)"
      R"("next_cursor":"17"})");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->next_cursor, "17");
  EXPECT_EQ(page->json.size(), 3U);
  expect_golden("monitors_list",
                monitor_table(page->rows, false, *parse_rfc3339("2026-11-21T14:00:00Z"), Style{}));
}

// The API's texts quote foreign bytes already escaped: once is enough. What a terminal would obey
// is escaped all the same, since anybody may have sent the answer.
TEST(MonitorTable, EscapesOnce) {
  const auto page =
      read_monitor_page(R"({"data":[{"id":"m","target":"h:1","status":"down","error":)"
                        R"({"message":"got \"\\x1B[2J\\n\" and \u001b[1m"}}]})");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->rows.front().reason, R"(got "\x1B[2J\n" and \x1B[1m)");
  const std::string once = page->rows.front().reason + std::string(80, 'z');
  const std::string table =
      monitor_table({{.status = "down", .id = "m", .reason = once}}, false, {}, Style{});
  EXPECT_NE(table.find(R"(got "\x1B[2J\n" and \x1B[1mzzz)"), std::string::npos) << table;
  EXPECT_TRUE(table.ends_with("z…\n")) << table;
}

// Our own trouble is told from the first result on.
TEST(MonitorTable, SaysWhyNothingIsKnownYet) {
  const auto page = read_monitor_page(
      R"({"data":[{"id":"m","target":"h:1","status":"pending","error":null,"last_result":)"
      R"({"verdict":"unknown","reason":"This machine does not have the source address."}}]})");
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->rows.front().reason, "This machine does not have the source address.");
}

TEST(ApiProblem, EscapesOnce) {
  EXPECT_EQ(api_problem_text({.status = 422, .body = R"({"title":"Bad","detail":"\\n \u0007"})"}),
            R"(Bad: \n \x07)");
}

TEST(MonitorTable, EmptySaysWhatToDo) {
  EXPECT_EQ(monitor_table({}, false, {}, Style{}),
            "No monitors yet: add one to the configuration and reload.\n");
  EXPECT_EQ(monitor_table({}, true, {}, Style{}), "No monitor matches.\n");
}

TEST(MonitorTable, RefusesWhatIsNoList) {
  for (const char* body : {"", "[]", "{}", R"({"data":{}})", "<html>"}) {
    EXPECT_FALSE(read_monitor_page(body)) << body;
  }
}

// Without a server the command writes the store itself; a second owner of the lock stops it.
TEST(TokenCreate, WritesTheStoreWhenNoServerRuns) {
  const ScratchFolder folder;
  CliRun cli;
  cli.run({"token", "create", "--data", folder.path() / "data", "--scope", "read"});
  EXPECT_EQ(cli.code, ExitCode::ok) << cli.error;
  ASSERT_EQ(cli.out.size(), kTokenBytes + 1);
  EXPECT_TRUE(is_token_text(cli.out.substr(0, kTokenBytes)));
  const auto lock = StoreLock::acquire(folder.path() / "data");
  ASSERT_TRUE(lock) << lock.error().message;
  const auto busy = create_token_in_store(folder.path() / "data", "read", "x");
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().kind, ErrorKind::busy);
}

}  // namespace
}  // namespace tocsin::cli
