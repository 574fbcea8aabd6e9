// SimNetwork: ProbeIo without a kernel. Services stand at addresses and behave as their Behaviour
// says; everything that will happen lies in one queue ordered by (time, sequence), so a run is a
// function of its inputs. It also carries the timers of the other doubles.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ports/probe_io.h"
#include "sim/sim_clock.h"

namespace tocsin::sim {

// How a service answers. Every fault the network plays stands here.
struct Behaviour {
  enum class Connect : uint8_t { open, refused, silent, host_unreachable };
  // Of host_unreachable: who said so, and what.
  std::optional<IcmpNotice> icmp;
  Connect connect = Connect::open;
  Duration round_trip = 300us;
  std::string greeting;              // sent after accept
  std::string answer;                // sent for every received block
  bool echoes = false;               // sends each block back before its answer
  std::vector<std::string> answers;  // or one for each block in turn: what a proxy says
  std::string ignores;               // blocks that begin so get no answer
  Duration think = 200us;            // before greeting or answer
  size_t segment_bytes = 0;          // 0: one piece; 1: byte by byte
  Duration segment_gap = 100us;
  bool close_after_answer = false;
  bool reset_after_answer = false;
  bool reset_after_accept = false;
  bool close_after_accept = false;
  bool endless = false;       // answers without end
  bool self_connect = false;  // the kernel connected us to ourselves
};

// The machine behind an address, whatever its ports do.
struct SimHost {
  bool off = false;  // silent at every port
  // Routers on the way to it, nearest first; an empty one never says anything.
  std::vector<std::string> path;
};

// What a service has seen of us.
struct Seen {
  size_t ended = 0;           // connections
  size_t ended_by_reset = 0;  // of those
  std::string received;
};

class SimNetwork final : public ProbeIo {
 public:
  explicit SimNetwork(SimClock& clock) : clock_(clock) {}

  Behaviour& service(const std::string& address) { return services_[address]; }
  SimHost& host(const std::string& ip) { return hosts_[ip]; }
  // An errno that the next `count` connects of ours end with (EMFILE, EADDRNOTAVAIL, ENOBUFS): our
  // own trouble.
  void fail_locally(int error, size_t count) { local_error_ = {error, count}; }
  // An address that this machine does not have (any more): probes from it end so.
  void lose_address(const IpAddress& ip) { lost_.insert(ip); }
  void gain_address(const IpAddress& ip) { lost_.erase(ip); }
  // Every connect of ours ends with this errno at once, as when our only device is down; 0: no
  // more.
  void cut_off(int error) { cut_off_ = error; }
  // This machine's own routing table knows no way to that address (any more).
  void lose_route(const IpAddress& ip) { unrouted_.insert(ip); }
  void gain_route(const IpAddress& ip) { unrouted_.erase(ip); }
  // The first router of a path (SimHost) answers this machine no more: nobody behind it is reached.
  void silence_router(const std::string& ip) { silent_routers_.insert(ip); }
  void revive_router(const std::string& ip) { silent_routers_.erase(ip); }
  // What each connect costs the program's own time.
  void set_work(Duration work) { work_ = work; }
  // Runs `work` at `at`, as a part of wait().
  void schedule(SteadyTime at, std::function<void()> work) { plan(at, std::move(work), false); }
  // The whole machine stands still, and those that it talks to: all that is under way comes so much
  // later, and our clock has gone on.
  void stand_still(Duration length);
  [[nodiscard]] uint64_t connects() const { return connects_; }
  [[nodiscard]] Seen seen(const std::string& address) const {
    const auto found = seen_.find(address);
    return found == seen_.end() ? Seen() : found->second;
  }
  // Of them, from an address that the caller chose.
  [[nodiscard]] uint64_t sourced_connects() const { return sourced_connects_; }
  // The program died: its connections are gone, what others had scheduled stays.
  void crash();

  [[nodiscard]] size_t capacity() const override { return 4096; }
  void connect(SlotIndex slot, const SocketAddress& to, const ConnectOptions& options) override;
  void send(SlotIndex slot, std::span<const char> bytes) override;
  void receive(SlotIndex slot, std::span<char> buffer) override;
  void shutdown_write(SlotIndex slot) override;
  void close(SlotIndex slot, CloseMode mode) override;
  [[nodiscard]] KernelFacts facts(SlotIndex slot) override;
  [[nodiscard]] std::optional<SocketAddress> local_address(SlotIndex slot) override;
  [[nodiscard]] bool poll_now(SlotIndex slot) override;
  [[nodiscard]] int route_error(const SocketAddress& to,
                                const std::optional<IpAddress>& source) override;
  [[nodiscard]] std::optional<FirstRouter> first_router(
      const SocketAddress& to, const std::optional<IpAddress>& source) override;
  void wait(SteadyTime until, std::vector<IoEvent>& events) override;
  void nap(SteadyTime until) override { clock_.advance_to(until); }
  void wake() override { woken_ = true; }
  void watch(int, bool, bool, std::function<void(bool, bool)>) override {}

 private:
  struct Connection {
    uint64_t number = 0;  // tells an event of an earlier connection in the same slot
    Behaviour behaviour;
    SocketAddress to;
    std::optional<IpAddress> source;
    std::optional<IcmpNotice> icmp;
    std::string inbox;  // arrived, not yet received
    size_t blocks = 0;  // received by the service
    bool open = false, peer_closed = false, reset = false, ended = false;
    std::span<char> buffer;  // of the pending receive
    bool receiving = false;
  };
  struct Planned {
    std::function<void()> work;
    bool is_ours;  // of the network itself, which goes on while our side is busy
  };
  void plan(SteadyTime at, std::function<void()> work, bool is_ours);
  void plan(SteadyTime at, std::function<void()> work) { plan(at, std::move(work), true); }
  // What is due by now: of the network alone, or of all.
  void act(bool all);
  // How a connection to `to` fares whose packets travel `hop_limit` hops (0: any number).
  void set_behaviour(Connection& connection, uint8_t hop_limit) const;
  static IpAddress own_address(const Connection& connection);
  Connection* find(SlotIndex slot, uint64_t number);
  void event_at(SteadyTime at, SlotIndex slot, uint64_t number, IoKind kind, int error);
  void deliver_later(SlotIndex slot, const std::string& bytes);
  void serve_receive(SlotIndex slot, Connection& connection);
  void note_received(const SocketAddress& by, const std::string& bytes);

  // The moment at which the network acts: while our side stood still it went on by itself.
  [[nodiscard]] SteadyTime moment() const { return acting_.value_or(clock_.steady_now()); }

  SimClock& clock_;
  std::optional<SteadyTime> acting_;
  std::map<std::string, Behaviour> services_;
  std::map<std::string, SimHost> hosts_;
  std::map<std::string, Seen> seen_;  // of services alone
  std::map<SlotIndex, Connection> connections_;
  std::map<std::pair<SteadyTime, uint64_t>, Planned> queue_;
  std::vector<IoEvent> ready_;
  std::pair<int, size_t> local_error_{0, 0};
  std::set<IpAddress> lost_, unrouted_;
  std::set<std::string> silent_routers_;
  int cut_off_ = 0;
  Duration work_{};
  uint64_t sequence_ = 0, connects_ = 0, sourced_connects_ = 0;
  bool woken_ = false;
};

}  // namespace tocsin::sim
