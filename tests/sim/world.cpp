#include "sim/world.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "model/verdict.h"

namespace tocsin::sim {
namespace {

constexpr size_t kTurnsWithoutTimeMax = 200'000;  // then the loop spins instead of waiting: a bug

Channel ops_channel() {
  Channel channel;
  channel.id = "ops";
  channel.name = "ops";
  channel.type = ChannelType::webhook;
  channel.url = Secret("http://127.0.0.1:9000/hook");
  channel.secret = Secret("a-signing-secret-of-24-bytes!");
  return channel;
}

}  // namespace

Monitor monitor(const std::string& id, const std::string& target) {
  Monitor result;
  result.project = "sim";
  result.id = id;
  result.name = id;
  result.target = *Target::parse(target);
  result.interval = 10s;
  result.timeout = 5s;
  result.channels = {"ops"};
  return result;
}

Told types(const Told& told) {
  Told result;
  for (const std::string& line : told) {
    result.push_back(line.substr(line.find(' ') + 1));
  }
  return result;
}

size_t count_code(World& world, ErrorCode code) {
  return static_cast<size_t>(std::ranges::count_if(world.disk().attempts, [&](const auto& row) {
    const auto& error = row.second.attempt.evaluation.error;
    return error && error->code == code;
  }));
}

size_t count_verdicts(World& world, Verdict verdict) {
  return static_cast<size_t>(std::ranges::count_if(world.disk().attempts, [&](const auto& row) {
    return row.second.attempt.evaluation.verdict == verdict;
  }));
}

World::Life::Life(World& world)
    : mailbox(world.network_), store(world.disk_, world.clock_, world.network_, mailbox) {
  engine = std::make_unique<Engine>(EnginePorts{.clock = world.clock_,
                                                .random = world.random_,
                                                .io = world.network_,
                                                .resolver = world.resolver_,
                                                .sender = world.sender_,
                                                .store = store,
                                                .journal = world.journal_,
                                                .mailbox = mailbox,
                                                .sources = world.config_.server.sources,
                                                .canaries = world.canaries_},
                                    ReachPolicy{}, "http://127.0.0.1:8400");
}

World::World(uint64_t seed)
    : random_(seed), network_(clock_), resolver_(clock_, network_), sender_(clock_, network_) {
  config_.project_id = "sim";
  config_.channels.emplace("ops", ops_channel());
}

World::~World() = default;

void World::watch(Monitor monitor) { config_.monitors.push_back(std::move(monitor)); }

void World::with_canaries() {
  const auto at = [](uint16_t port) {
    return SocketAddress{.ip = *IpAddress::parse("127.0.0.1"), .port = port, .unix_path = {}};
  };
  canaries_ = {.listener = at(1), .black_hole = at(2)};
  service("127.0.0.1:1").connect = Behaviour::Connect::open;
  service("127.0.0.1:2").connect = Behaviour::Connect::silent;
}

void World::forget(const std::string& id) {
  std::erase_if(config_.monitors, [&](const Monitor& monitor) { return monitor.id == id; });
}

void World::reload() {
  engine().mailbox().post([this] {
    const auto applied = engine().apply(config_);
    CHECK(applied.has_value(), "a valid configuration applies");
  });
}

void World::at(Duration since_start, std::function<void()> action) {
  network_.schedule(SimClock::steady_at(since_start), std::move(action));
}

void World::up(const std::string& address) {
  service(address).connect = Behaviour::Connect::open;
  truth_[address].push_back({clock_.since_start(), true});
}

void World::down(const std::string& address) {
  service(address).connect = Behaviour::Connect::refused;
  truth_[address].push_back({clock_.since_start(), false});
}

void World::start() {
  life_ = std::make_unique<Life>(*this);
  const Result<void> started = life_->engine->start(config_);
  CHECK(started.has_value(), "the simulated store loads");
}

void World::crash_and_restart() { crash_wanted_ = true; }

void World::crash() {
  crash_wanted_ = false;
  ++crashes_;
  life_->store.crash(random_.below(life_->store.under_way() + 1));
  sender_.crash();
  resolver_.crash();
  network_.crash();
  life_.reset();
  start();
}

void World::run_until(Duration since_start) {
  if (!life_) {
    start();
  }
  const SteadyTime end = SimClock::steady_at(since_start);
  size_t still = 0;
  while (clock_.steady_now() < end) {
    const SteadyTime before = clock_.steady_now();
    ++turns_;
    engine().turn(end);
    if (crash_wanted_) {
      crash();
    }
    still = clock_.steady_now() == before ? still + 1 : 0;
    CHECK(still < kTurnsWithoutTimeMax, "the loop turns without time passing");
  }
}

Told World::told() const {
  Told lines;
  for (const Accepted& accepted : sender_.accepted()) {
    const auto body = nlohmann::json::parse(accepted.body, nullptr, false);
    const std::string type = body.is_object() ? body.value("type", "") : "";
    const std::string id = body.is_object() ? body["data"]["monitor"].value("id", "") : "";
    const Duration second = std::chrono::duration_cast<std::chrono::seconds>(accepted.at);
    lines.push_back(fmt::format("{} {} {}", duration_text(second), type, id));
  }
  return lines;
}

std::string World::log() const {
  std::string text;
  for (const auto& [id, row] : disk_.attempts) {
    text +=
        fmt::format("{} {} {}\n", result_id_text(id), verdict_name(row.attempt.evaluation.verdict),
                    row.attempt.result.response_time.count());
  }
  for (const Accepted& accepted : sender_.accepted()) {
    text += fmt::format("{} {} {}\n", accepted.at.count(), accepted.key, accepted.body);
  }
  for (const auto& [id, incident] : disk_.incidents) {
    text += fmt::format("{} {} {}\n", id, incident.began.time_since_epoch().count(),
                        incident.close_reason);
  }
  return text;
}

StatusKind World::status(const std::string& id) {
  const auto view = engine().monitor(id);
  CHECK(view.has_value(), "the monitor exists");
  return view->state.status.kind;
}

}  // namespace tocsin::sim
