#include "sim/sim_network.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace tocsin::sim {
namespace {

constexpr size_t kSeenBytesMax = size_t{256} * 1024;  // a world may last for years
constexpr Duration kAddressResolution = 3s;           // Linux asks three times, a second each

}  // namespace

void SimNetwork::plan(SteadyTime at, std::function<void()> work, bool is_ours) {
  queue_.emplace(std::pair(std::max(at, moment()), sequence_++), Planned{std::move(work), is_ours});
}

SimNetwork::Connection* SimNetwork::find(SlotIndex slot, uint64_t number) {
  const auto found = connections_.find(slot);
  return found != connections_.end() && found->second.number == number ? &found->second : nullptr;
}

void SimNetwork::event_at(SteadyTime at, SlotIndex slot, uint64_t number, IoKind kind, int error) {
  plan(at, [this, slot, number, kind, error] {
    Connection* connection = find(slot, number);
    if (connection == nullptr) {
      return;
    }
    connection->open = kind == IoKind::connected ? error == 0 : connection->open;
    ready_.push_back(
        {.slot = slot, .kind = kind, .error = error, .bytes = 0, .at = clock_.steady_now()});
  });
}

void SimNetwork::set_behaviour(Connection& connection, uint8_t hop_limit) const {
  const auto service = services_.find(connection.to.text());
  // Nobody was put there: the host answers with a reset, as a closed port does.
  connection.behaviour.connect = Behaviour::Connect::refused;
  if (service != services_.end()) {
    connection.behaviour = service->second;
  }
  connection.icmp = connection.behaviour.icmp;
  const auto host = hosts_.find(connection.to.ip.text());
  if (host == hosts_.end()) {
    return;
  }
  if (host->second.off) {
    connection.behaviour.connect = Behaviour::Connect::silent;
  }
  const std::vector<std::string>& path = host->second.path;
  if (!path.empty() && silent_routers_.contains(path.front())) {
    constexpr uint8_t kUnreachable = 3, kHost = 1;
    connection.behaviour = Behaviour{.connect = Behaviour::Connect::host_unreachable,
                                     .round_trip = kAddressResolution};
    connection.icmp =
        IcmpNotice{.from = own_address(connection), .type = kUnreachable, .code = kHost};
    return;
  }
  if (hop_limit == 0 || hop_limit > path.size()) {
    return;
  }
  const std::string& router = path[hop_limit - 1U];
  connection.behaviour = Behaviour{
      .connect = router.empty() ? Behaviour::Connect::silent : Behaviour::Connect::host_unreachable,
      .round_trip = 100us * hop_limit};
  if (!router.empty()) {
    constexpr uint8_t kTimeExceeded = 11;
    connection.icmp = IcmpNotice{.from = *IpAddress::parse(router), .type = kTimeExceeded};
  }
}

void SimNetwork::connect(SlotIndex slot, const SocketAddress& to, const ConnectOptions& options) {
  CHECK(!connections_.contains(slot), "one connection a slot");
  if (work_ > Duration(0)) {
    clock_.advance_to(clock_.steady_now() + work_);
  }
  Connection& connection = connections_[slot];
  connection.number = ++connects_;
  sourced_connects_ += options.source ? 1 : 0;
  connection.to = to;
  connection.source = options.source;
  set_behaviour(connection, options.hop_limit);
  const uint64_t number = connection.number;
  const Behaviour behaviour = connection.behaviour;
  const SteadyTime answered = clock_.steady_now() + behaviour.round_trip;
  if (const int error = cut_off_ != 0 ? cut_off_ : route_error(to, options.source); error != 0) {
    event_at(clock_.steady_now(), slot, number, IoKind::connected, error);
    return;
  }
  if (local_error_.second > 0) {
    --local_error_.second;
    event_at(clock_.steady_now(), slot, number, IoKind::connected, local_error_.first);
    return;
  }
  if (options.source && lost_.contains(*options.source)) {
    event_at(clock_.steady_now(), slot, number, IoKind::connected, kNoSuchSource);
    return;
  }
  switch (behaviour.connect) {
    case Behaviour::Connect::open:
      event_at(answered, slot, number, IoKind::connected, 0);
      break;
    case Behaviour::Connect::refused:
      event_at(answered, slot, number, IoKind::connected, ECONNREFUSED);
      return;
    case Behaviour::Connect::host_unreachable:
      event_at(answered, slot, number, IoKind::connected, EHOSTUNREACH);
      return;
    case Behaviour::Connect::silent:
      return;
  }
  if (behaviour.reset_after_accept || behaviour.close_after_accept) {
    plan(answered + behaviour.think, [this, slot, number, reset = behaviour.reset_after_accept] {
      if (Connection* alive = find(slot, number)) {
        (reset ? alive->reset : alive->peer_closed) = true;
        serve_receive(slot, *alive);
      }
    });
    return;
  }
  if (!behaviour.greeting.empty()) {
    plan(answered + behaviour.think, [this, slot, number] {
      if (Connection* alive = find(slot, number)) {
        deliver_later(slot, alive->behaviour.greeting);
      }
    });
  }
}

int SimNetwork::route_error(const SocketAddress& to, const std::optional<IpAddress>& /*source*/) {
  return cut_off_ == ENETUNREACH || unrouted_.contains(to.ip) ? ENETUNREACH : 0;
}

std::optional<FirstRouter> SimNetwork::first_router(const SocketAddress& to,
                                                    const std::optional<IpAddress>& /*source*/) {
  const auto host = hosts_.find(to.ip.text());
  if (host == hosts_.end() || host->second.path.empty() || host->second.path.front().empty()) {
    return std::nullopt;
  }
  const std::string& router = host->second.path.front();
  return FirstRouter{*IpAddress::parse(router), silent_routers_.contains(router)};
}

IpAddress SimNetwork::own_address(const Connection& connection) {
  return connection.source.value_or(*IpAddress::parse("10.255.0.1"));
}

void SimNetwork::deliver_later(SlotIndex slot, const std::string& bytes) {
  Connection& connection = connections_.at(slot);
  const Behaviour& behaviour = connection.behaviour;
  const uint64_t number = connection.number;
  const size_t step =
      behaviour.segment_bytes == 0 ? std::max<size_t>(bytes.size(), 1) : behaviour.segment_bytes;
  SteadyTime at = moment() + behaviour.round_trip / 2;
  for (size_t from = 0; from < bytes.size(); from += step) {
    plan(at, [this, slot, number, piece = bytes.substr(from, step)] {
      Connection* alive = find(slot, number);
      if (alive != nullptr && !alive->reset) {
        alive->inbox += piece;
        serve_receive(slot, *alive);
      }
    });
    at += behaviour.segment_gap;
  }
  if (!behaviour.close_after_answer && !behaviour.reset_after_answer) {
    return;
  }
  plan(at, [this, slot, number, reset = behaviour.reset_after_answer] {
    if (Connection* alive = find(slot, number)) {
      (reset ? alive->reset : alive->peer_closed) = true;
      serve_receive(slot, *alive);
    }
  });
}

void SimNetwork::send(SlotIndex slot, std::span<const char> bytes) {
  Connection& connection = connections_.at(slot);
  event_at(clock_.steady_now(), slot, connection.number, IoKind::sent,
           connection.reset ? ECONNRESET : 0);
  const uint64_t number = connection.number;
  plan(clock_.steady_now() + connection.behaviour.round_trip / 2 + connection.behaviour.think,
       [this, slot, number, said = std::string(bytes.begin(), bytes.end())] {
         Connection* alive = find(slot, number);
         if (alive == nullptr) {
           return;
         }
         note_received(alive->to, said);
         const size_t nth = alive->blocks++;
         const Behaviour& service = alive->behaviour;
         if (!service.ignores.empty() && said.starts_with(service.ignores)) {
           return;
         }
         const std::string back = service.echoes ? said : "";
         const std::string& answer =
             nth < service.answers.size() ? service.answers[nth] : service.answer;
         if (!back.empty() || !answer.empty()) {
           deliver_later(slot, back + answer);
         }
       });
}

void SimNetwork::receive(SlotIndex slot, std::span<char> buffer) {
  Connection& connection = connections_.at(slot);
  connection.buffer = buffer;
  connection.receiving = true;
  serve_receive(slot, connection);
}

void SimNetwork::serve_receive(SlotIndex slot, Connection& connection) {
  if (!connection.receiving || connection.buffer.empty()) {
    return;
  }
  IoEvent event{
      .slot = slot, .kind = IoKind::received, .error = 0, .bytes = 0, .at = clock_.steady_now()};
  if (connection.behaviour.endless && connection.open) {
    std::ranges::fill(connection.buffer, 'x');
    event.bytes = connection.buffer.size();
  } else if (!connection.inbox.empty()) {
    event.bytes = std::min(connection.inbox.size(), connection.buffer.size());
    std::memcpy(connection.buffer.data(), connection.inbox.data(), event.bytes);
    connection.inbox.erase(0, event.bytes);
  } else if (connection.reset) {
    event.error = ECONNRESET;
  } else if (!connection.peer_closed) {
    return;
  }
  connection.receiving = false;
  ready_.push_back(event);
}

// The peer sees the end of our stream and closes too.
void SimNetwork::shutdown_write(SlotIndex slot) {
  const Connection& connection = connections_.at(slot);
  plan(clock_.steady_now() + connection.behaviour.round_trip,
       [this, slot, number = connection.number] {
         if (Connection* alive = find(slot, number)) {
           alive->peer_closed = true;
           serve_receive(slot, *alive);
         }
       });
}

void SimNetwork::note_received(const SocketAddress& by, const std::string& bytes) {
  if (services_.contains(by.text())) {
    std::string& received = seen_[by.text()].received;
    received.append(bytes, 0, kSeenBytesMax - std::min(kSeenBytesMax, received.size()));
  }
}

// Linux resets a connection that is closed with bytes nobody has read.
void SimNetwork::close(SlotIndex slot, CloseMode mode) {
  const auto found = connections_.find(slot);
  if (found != connections_.end() && found->second.open &&
      services_.contains(found->second.to.text())) {
    Seen& seen = seen_[found->second.to.text()];
    ++seen.ended;
    seen.ended_by_reset += mode == CloseMode::rst || !found->second.inbox.empty() ? 1 : 0;
  }
  connections_.erase(slot);
  std::erase_if(ready_, [slot](const IoEvent& event) { return event.slot == slot; });
}

KernelFacts SimNetwork::facts(SlotIndex slot) {
  const Connection& connection = connections_.at(slot);
  KernelFacts facts;
  facts.to_itself = connection.behaviour.self_connect;
  facts.rtt = connection.behaviour.round_trip;
  facts.icmp = connection.icmp;
  return facts;
}

std::optional<SocketAddress> SimNetwork::local_address(SlotIndex slot) {
  return SocketAddress{.ip = own_address(connections_.at(slot)),
                       .port = static_cast<uint16_t>(32768 + slot),
                       .unix_path = {}};
}

void SimNetwork::crash() {
  connections_.clear();
  ready_.clear();
  woken_ = false;
}

bool SimNetwork::poll_now(SlotIndex slot) {
  act(false);
  return std::ranges::find(ready_, slot, &IoEvent::slot) != ready_.end();
}

void SimNetwork::act(bool all) {
  auto next = queue_.begin();
  while (next != queue_.end() && next->first.first <= clock_.steady_now()) {
    if (!all && !next->second.is_ours) {
      ++next;
      continue;
    }
    acting_ = next->first.first;
    const std::function<void()> work = std::move(next->second.work);
    queue_.erase(next);
    work();
    // The work may have planned more, also before what was looked at.
    next = queue_.begin();
  }
  acting_.reset();
}

void SimNetwork::stand_still(Duration length) {
  std::map<std::pair<SteadyTime, uint64_t>, Planned> later;
  for (auto& [key, planned] : queue_) {
    const Duration by = planned.is_ours ? length : Duration(0);
    later.emplace(std::pair(key.first + by, key.second), std::move(planned));
  }
  queue_ = std::move(later);
  clock_.advance_to(clock_.steady_now() + length);
  if (acting_) {
    acting_ = clock_.steady_now();
  }
}

void SimNetwork::wait(SteadyTime until, std::vector<IoEvent>& events) {
  if (!woken_ && ready_.empty()) {
    if (!queue_.empty() && queue_.begin()->first.first <= until) {
      clock_.advance_to(queue_.begin()->first.first);
    } else {
      CHECK(until != kNever, "nothing will ever happen");
      clock_.advance_to(until);
    }
  }
  woken_ = false;
  act(true);
  events.insert(events.end(), ready_.begin(), ready_.end());
  ready_.clear();
}

}  // namespace tocsin::sim
