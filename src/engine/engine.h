// Engine: the loop of life. It owns all state of monitors and joins schedule, probe engine, pure
// core, store and outbox on one thread:
//
//   due tick -> Prober -> ProbeResult -> evaluate -> retry? -> Run -> combine -> advance -> decide
//   -> fold
//     -> ONE WriteBatch (attempts, state, incident, deliveries) -> durable -> Outbox
//
// It decides nothing itself; every rule is in core. Everything it needs from outside is a port, so
// the simulator runs it whole.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/channel_desk.h"
#include "engine/commands.h"
#include "engine/loop_mailbox.h"
#include "engine/name_check.h"
#include "engine/overview.h"
#include "engine/self_watch.h"
#include "engine/views.h"
#include "model/config.h"
#include "model/phase_end.h"
#include "ports/clock.h"
#include "ports/feed.h"
#include "ports/journal.h"
#include "ports/probe_io.h"
#include "ports/random.h"
#include "ports/reach.h"
#include "ports/resolver.h"
#include "ports/sender.h"
#include "probe/local_ports.h"
#include "store/store.h"

namespace tocsin {

// What a server is made of; all outlive the engine.
struct EnginePorts {
  const Clock& clock;
  Random& random;
  ProbeIo& io;
  Resolver& resolver;
  Sender& sender;
  Store& store;
  const Journal& journal;
  LoopMailbox& mailbox;                 // the one the store and the sender post to
  Feed* feed = nullptr;                 // told of what changes; nullptr: nobody ever watches
  size_t crypto_threads = 0;            // that compute TLS handshakes; 0: the loop does it
  std::vector<IpAddress> sources = {};  // where probes come from, at most one of each family
  CanaryAddresses canaries = {};        // none: every failure is believed
  LocalPorts local_ports = {};
};

class Engine {
 public:
  // `public_url` begins the links in notices, without a slash at its end.
  Engine(const EnginePorts& ports, ReachPolicy reach, std::string public_url);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Loads the store and applies the configuration. Call once, before run.
  Result<void> start(Config config);
  // One turn: waits for the next thing to do (at most until `until`), does it.
  void turn(SteadyTime until);
  // Turns until stop() was posted; then submits what is left.
  void run();

  // The way in from other threads: the API offers, signals and reloads post. Work runs inside
  // turn().
  [[nodiscard]] LoopMailbox& mailbox();

  // --- commands and views; on the loop only (post them)
  Result<ReloadSummary> apply(Config config);  // plan + apply, one transaction
  [[nodiscard]] std::optional<MonitorView> monitor(std::string_view id_or_uid) const;
  // Readings over all monitors go in pieces that hold the loop for kLoopPieceTime at most: true
  // while there is more. What each finds is of the moment of its piece.
  [[nodiscard]] bool read_on(MonitorList& list) const;
  [[nodiscard]] bool read_on(ChosenMonitors& chosen) const;
  [[nodiscard]] bool read_on(Overview& overview) const;
  [[nodiscard]] bool read_on(NameCounts& counts) const;
  // What a definition names that does not exist here.
  [[nodiscard]] std::vector<NameProblem> name_problems(const Monitor& monitor) const;
  // The logical id of a live monitor with this target, other than `except`; empty: none.
  [[nodiscard]] std::string other_with_target(const Target& target, MonitorUid except) const;
  // Why this address would never be probed for a monitor that `author` wrote; nothing: it would, or
  // it is a name, which says so when it is looked up.
  [[nodiscard]] std::optional<std::string> out_of_reach(const Target& target,
                                                        ReachRole author) const;
  // Create, change, remove, pause, mute, run.
  [[nodiscard]] MonitorCommands& commands();
  // `done` comes on the loop once the acknowledgement is durable. conflict: it closed since the
  // start of this server, the message says when; not_found: it is not open, and the store knows
  // whether it ever was; disk_full: acknowledged, but that could not be kept.
  void acknowledge(const IncidentId& incident, std::string by, std::string note,
                   std::function<void(const Result<IncidentView>&)> done);
  // Adds a note to the timeline of an incident that is open, or that `stored` shows closed; `done`
  // comes on the loop once it is durable. conflict: it has just closed, and the store does not show
  // it yet.
  void add_note(const Incident& stored, std::string_view by, std::string_view text,
                std::function<void(Result<void>)> done);
  // Runs one attempt that is not stored; `done` comes on the loop, and before it, when asked for,
  // the end of each phase.
  void probe_now(std::shared_ptr<const Monitor> monitor, ReachRole role,
                 std::function<void(const Attempt&)> done,
                 std::function<void(const PhaseEnd&)> phase = {});
  // What people do to channels.
  [[nodiscard]] ChannelDesk& channels();
  void save_token(TokenRow token, std::function<void(Result<void>)> done);
  // All of it together. `done` comes on the loop; disk_full or io: held, and stored when it can be.
  void save_accounts(std::vector<UserRow> users, std::vector<SessionRow> sessions,
                     std::function<void(Result<void>)> done);
  [[nodiscard]] EngineHealth health() const;
  // What the last reload came to; empty = it was applied.
  void note_config_error(std::string why);
  // Ends run() after this turn.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin
