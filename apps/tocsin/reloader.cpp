#include "reloader.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "api/server_changes.h"
#include "config_log.h"
#include "known_channels.h"

namespace tocsin {
namespace {

constexpr size_t kWaitingMax = 100;  // callers of the API and signals; more is somebody's mistake

std::string first_error(const std::vector<ConfigProblem>& problems) {
  const auto first = std::ranges::find(problems, false, &ConfigProblem::is_warning);
  const auto errors = std::ranges::count(problems, false, &ConfigProblem::is_warning);
  if (first == problems.end()) {
    return "";
  }
  return problem_line(*first) + (errors > 1 ? fmt::format(" (and {} more)", errors - 1) : "");
}

void tell(const std::vector<Reloader::Done>& asked, const ReloadAnswer& answer) {
  for (const Reloader::Done& done : asked) {
    done(answer);
  }
}

}  // namespace

Reloader::Reloader(std::vector<std::filesystem::path> paths, std::filesystem::path data,
                   ServerSettings running, Engine& engine, const Log& log)
    : paths_(std::move(paths)),
      data_(std::move(data)),
      running_(std::move(running)),
      engine_(engine),
      log_(log),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Reloader::~Reloader() = default;

void Reloader::request(Done done) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < kWaitingMax) {
      waiting_.push_back(std::move(done));
      asked_.notify_one();
      return;
    }
  }
  done(ReloadAnswer{.summary = fail(ErrorKind::busy, "Too many reloads are waiting already.")});
}

void Reloader::work(const std::stop_token& stop) {
  while (true) {
    std::vector<Done> asked;
    {
      std::unique_lock lock(mutex_);
      if (!asked_.wait(lock, stop, [this] { return !waiting_.empty(); })) {
        return;
      }
      asked = std::exchange(waiting_, {});
    }
    read_once(std::move(asked));
  }
}

void Reloader::read_once(std::vector<Done> asked) {
  // Shared between this thread and the closure on the loop only because a std::function must be
  // copyable.
  const auto reading = std::make_shared<ConfigReading>(
      read_config_paths(paths_, process_references(), known_channels(data_, log_)));
  engine_.mailbox().post([this, reading, asked = std::move(asked)] {
    refuse_emptied(*reading, engine_.health().of_files);
    log_problems(log_, reading->problems);
    ReloadAnswer answer{.problems = reading->problems};
    if (!reading->config) {
      engine_.note_config_error(first_error(reading->problems));
      log_.error("configuration refused, the old one stays");
      tell(asked, answer);
      return;
    }
    const std::string gone = engine_.channels().gone_since(*reading->config);
    const ServerSettings settings = reading->config->server;
    answer.summary = gone.empty() ? engine_.apply(std::move(*reading->config))
                                  : fail(ErrorKind::conflict, gone + " Reload again.");
    if (answer.summary) {
      log_.info("configuration applied", {{"added", fmt::to_string(answer.summary->added)},
                                          {"changed", fmt::to_string(answer.summary->changed)},
                                          {"kept", fmt::to_string(answer.summary->kept)},
                                          {"retired", fmt::to_string(answer.summary->retired)},
                                          {"revived", fmt::to_string(answer.summary->revived)}});
      answer.restart_needed = restart_warnings(running_, settings);
      for (const std::string& warning : answer.restart_needed) {
        log_.warning("configuration", {{"problem", warning}});
      }
    } else {
      engine_.note_config_error(answer.summary.error().message);
      log_.error("configuration not applied", {{"why", answer.summary.error().message}});
    }
    tell(asked, answer);
  });
}

}  // namespace tocsin
