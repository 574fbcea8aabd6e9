#include "cli/serve_command.h"

#include <fmt/format.h>

#include "model/target.h"

namespace tocsin::cli {
namespace {

constexpr const char* kDefaultListen = "127.0.0.1:8400";

// ADDR:PORT with a literal address: what a name would mean could change under a running server.
// Port 0 takes a free one.
Result<SocketAddress> read_listen(const std::string& text) {
  const size_t colon = text.rfind(':');
  const bool free_port = colon != std::string::npos && text.substr(colon) == ":0";
  const Result<Target> target = Target::parse(free_port ? text.substr(0, colon) + ":1" : text);
  if (!target) {
    return fail(ErrorKind::invalid_input, "--listen: " + target.error().message);
  }
  if (target->is_unix() || !target->literal()) {
    return fail(
        ErrorKind::invalid_input,
        fmt::format("--listen needs an IP address and a port, like {} or [::]:8400, got '{}'",
                    kDefaultListen, target->text()));
  }
  return SocketAddress{.ip = *target->literal(), .port = free_port ? uint16_t{0} : target->port()};
}

Result<std::string> read_public_url(const std::string& text) {
  if (!text.starts_with("http://") && !text.starts_with("https://")) {
    return fail(
        ErrorKind::invalid_input,
        "--public-url must begin with http:// or https://, like https://tocsin.example.com");
  }
  return text.substr(0, text.find_last_not_of('/') + 1);
}

ExitCode run(const Arguments& arguments, Shell& shell) {
  const Result<ServeOptions> options = read_serve_options(arguments);
  if (!options) {
    shell.say("tocsin serve: " + options.error().message);
    return ExitCode::usage;
  }
  return shell.serve(*options);
}

}  // namespace

Result<ServeOptions> read_serve_options(const Arguments& arguments) {
  ServeOptions options;
  for (const std::string& path : arguments.all("config")) {
    options.config.emplace_back(path);
  }
  options.data = arguments.value("data").value_or("");
  std::vector<std::string> listen = arguments.all("listen");
  if (listen.empty()) {
    listen.emplace_back(kDefaultListen);
  }
  for (const std::string& text : listen) {
    const Result<SocketAddress> address = read_listen(text);
    if (!address) {
      return std::unexpected(address.error());
    }
    options.listen.push_back(*address);
  }
  if (const auto url = arguments.value("public-url")) {
    const Result<std::string> read = read_public_url(*url);
    if (!read) {
      return std::unexpected(read.error());
    }
    options.public_url = *read;
  }
  options.json_log = arguments.value("log-format") == "json";
  options.forget_secrets = arguments.has("forget-secrets");
  return options;
}

CommandSpec serve_command() {
  return {
      .name = "serve",
      .summary = "Run the server: watch, keep the history, tell people.",
      .examples =
          {{"tocsin serve --config monitors.yaml --data ./var"},
           {"tocsin serve --config /etc/tocsin --data /var/lib/tocsin --listen 0.0.0.0:8400"}},
      .flags =
          {{.name = "config",
            .letter = 'c',
            .value = "PATH",
            .help = "A file or a folder of *.yaml; may be repeated",
            .repeatable = true,
            .required = true},
           {.name = "data", .value = "DIR", .help = "Where the history is kept", .required = true},
           {.name = "listen",
            .value = "ADDR:PORT",
            .help = "Where the API answers (127.0.0.1:8400); may be repeated",
            .repeatable = true},
           {.name = "public-url", .value = "URL", .help = "What links in notices begin with"},
           {.name = "log-format",
            .value = "FORMAT",
            .help = "Of the log on standard error",
            .choices = {"text", "json"}},
           {.name = "forget-secrets",
            .help = "Start although the key of channels' secrets is lost; enter them again"}},
      .notes =
          "SIGHUP reads the configuration again; an invalid one is logged and the old one stays.\n"
          "Files that do not say monitors: are refused too; monitors: {} stops watching them all.\n"
          "SIGTERM ends the server within 10 seconds.",
      .run = run,
  };
}

}  // namespace tocsin::cli
