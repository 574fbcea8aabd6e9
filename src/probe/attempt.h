// ProbeAttempt: one probe attempt from the start of dns to its result (product.md "One attempt"),
// an explicit state machine:
//
//   resolving -> connecting (one address, or a race of them) -> tunneling (with a proxy)
//     -> securing -> talking -> ended
//
// It collects facts and lets its connections go when the facts are complete. With ip_family `all`
// it goes through connecting to ended once for each address, each with a whole timeout of its own.
//
// Attempts and results are reused, so that a connect-only probe allocates nothing. While it waits
// for its connection it has no result yet, as thousands may wait when a network is silent: what it
// knows by then stands in a few times, and what only a talk needs comes with the talk.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/boxed.h"
#include "core/dialogue.h"
#include "ports/clock.h"
#include "ports/reach.h"
#include "ports/resolver.h"
#include "probe/address_race.h"
#include "probe/connection.h"
#include "probe/own_delay.h"
#include "probe/pool.h"
#include "probe/prober.h"
#include "probe/proxy_talk.h"
#include "probe/tls_context.h"

namespace tocsin {

// Beyond what is to be made up for: covers the lateness of an ordinary turn of the loop, which
// would otherwise put the deadline off once more.
inline constexpr Duration kLookSlack = 5ms;

// What all attempts of a prober share.
struct AttemptTools {
  ProbeIo& io;
  Resolver& resolver;
  ResolveSink& resolve_sink;
  const Clock& clock;
  const ReachPolicy& reach;
  TlsContexts& tls;
  Pool& pool;
  const LoopTurn& turn;  // the one being handled
  std::vector<IpAddress> sources;
};

class ProbeAttempt final : public ConnectionOwner {
 public:
  ProbeAttempt(uint32_t index, AttemptTools& tools) : tools_(tools), index_(index) {}

  // `home` is the slot this attempt was admitted with. `token` is what the resolver will name it
  // by. `now`: just read.
  void begin(ProbeRequest request, Connection& home, uint64_t token, SteadyTime now);
  void on_resolved(const ResolveAnswer& answer);  // takes note only; continue_resolved() goes on
  void continue_resolved();
  void on_time(SteadyTime now);
  // Ends without a result.
  void forget();

  [[nodiscard]] uint32_t index() const { return index_; }
  [[nodiscard]] uint64_t token() const { return token_; }
  [[nodiscard]] bool is_ended() const { return state_ == State::ended; }
  [[nodiscard]] const ProbeRequest& request() const { return request_; }
  ProbeRequest& request() { return request_; }
  [[nodiscard]] const ProbeResult& result() const { return *result_; }
  std::unique_ptr<ProbeResult> take_result() { return std::move(result_); }

  void on_open(Connection& connection, int error, SteadyTime at) override;
  void on_own_work(Duration took) override { own_delay_.add(took); }
  void on_secured(Connection& connection, SteadyTime at) override;
  void on_tls_news(Connection& connection, SteadyTime at) override;
  void on_tls_error(Connection& connection, ProbeError error, SteadyTime at) override;
  void on_sent(Connection& connection, SteadyTime at) override;
  void on_bytes(Connection& connection, std::string_view bytes, SteadyTime at) override;
  void on_ended(Connection& connection, int error, SteadyTime at) override;
  void note_event(const IoEvent& event, SteadyTime now) override;

 private:
  enum class State : uint8_t {
    ended,
    resolving,
    connecting,
    tunneling,
    securing,
    listening,
    talking
  };
  struct Live {  // a connect under way
    Connection* connection = nullptr;
    size_t address = 0;
    SteadyTime since{};
  };
  // What follows an open connection: with nothing to say or to secure there is none.
  struct Talk {
    std::unique_ptr<ProxyTalk> tunnel;
    Connection* witness = nullptr;  // a second one to the proxy, which is asked for itself
    bool has_witness_spoken = false;
    std::shared_ptr<const Monitor> spoken;  // whom the dialogue speaks for; it keeps a reference
    std::optional<Dialogue> dialogue;
    SteadyTime phase_end{}, securing_since{}, talking_since{}, wake_at = kNever;
    bool said_starttls = false;
  };
  // Of ip_family all: what the addresses before this one have come to.
  struct Before {
    ProbeResult worst;
    std::vector<FailedAddress> failed;
  };
  struct Lack {
    Shortage shortage;
    ProbeError error;
  };

  const Monitor& monitor() const { return *request_.monitor; }
  [[nodiscard]] SteadyTime deadline() const { return time_since_ + monitor().timeout; }
  [[nodiscard]] SocketAddress stop(size_t address) const;
  // The result under way, begun with what is known by now.
  ProbeResult& facts();
  void resolve();
  void begin_anew();
  void take_answer(ResolveAnswer answer, SteadyTime at);
  void take_addresses(ResolveAnswer answer);
  // Of a race that began with the addresses of one family: the other family's.
  void take_rest(ResolveAnswer answer);
  void stop_asking();
  void note_name(std::vector<IpAddress> addresses);
  // The rest of the addresses might have answered, and our resolver keeps them from us.
  std::optional<ProbeError> lacking_rest() const;
  // What TLS needs of the disk, authorities first, is read before the clock of the attempt starts:
  // it takes tens of milliseconds once, which are not the peer's.
  std::optional<ProbeError> unreadable_files();
  // Why the way may not be taken, looked at before anything is sent.
  std::optional<ProbeError> refused_way() const;
  std::optional<IpAddress> source_for(const SocketAddress& to) const;
  ProbeError connect_failure(const Live& live, int error, const KernelFacts& facts) const;
  // What the race has failed with in the end.
  AddressRace::Failure lost_race() const;
  // Why this machine had no way to an address that was silent, or that a network calls unreachable.
  std::optional<ProbeError> lost_route(const ProbeError& error) const;
  // Of a connection that goes to a proxy: its failure says nothing of the target.
  ProbeError on_the_way(ProbeError error) const;
  void begin_tunnel(Live winner, SteadyTime at);
  void follow_tunnel(Connection& connection, std::string_view bytes, SteadyTime at);
  ProbeError tunnel_cut(int error) const;
  ProbeError tunnel_silence() const;
  bool is_witness(const Connection& connection) const;
  void ask_proxy_itself();
  void dismiss_witness(CloseMode mode);
  void through(std::string_view rest, SteadyTime at);
  void go_on_connected(SteadyTime at);
  std::optional<FailedAddress> failed_address(const ProbeResult& result) const;
  void begin_connecting(SteadyTime now);
  // What nearly all checks of a port find is kept without it.
  bool wants_local() const;
  void start_connects(SteadyTime now);
  void connect_one(size_t address, SteadyTime now);
  void connect_failed(Live live, ProbeError error);
  void note_lack(int error, const SocketAddress& to, const ProbeError& told);
  void opened(Live winner, const KernelFacts& facts, SteadyTime at);
  void tell_phases(SteadyTime at);
  Duration delay_of_timeout() const;
  Duration before_its_time() const;
  void begin_tls(SteadyTime at);
  bool shake_hands_in_full(Connection& connection, SteadyTime at);
  bool begin_listening(const Connection& connection);
  void end_listening();
  static ProbeError cut_while_listening();
  void begin_talking(SteadyTime at);
  void apply(Dialogue::Action action);
  void collect_dialogue(SteadyTime end);
  void on_quiet(SteadyTime now);
  void on_deadline(SteadyTime now);
  bool make_up(SteadyTime now);
  bool is_agreeing_on_tls() const;
  ProbeError in_its_phase(ProbeError error) const;
  ProbeError timeout_error() const;
  bool has_wish_to_wake() const;
  void rearm();

  // The facts of this address are complete: `end` is the last moment that counts.
  void finish(SteadyTime end, std::optional<ProbeError> error);
  bool is_put_off(std::optional<ProbeError>& error);
  void note_where_it_stopped(SteadyTime end, bool failed);
  Duration lag_of_result() const;
  bool has_next_address() const;
  void keep_a_slot_for_the_next();
  void leave_connections(bool politely);
  void leave(Connection& connection, CloseMode mode, std::string_view goodbye);
  bool probe_next_address();
  void end();

  AttemptTools& tools_;
  uint32_t index_;
  State state_ = State::ended;
  bool grace_used_ = false;  // the deadline was put off once, because the answer was already there
  bool in_full_ = false;     // no session is resumed any more
  bool has_connected_ = false;  // some connect was begun, not only refused by the reach gate
  bool lacks_slot_ = false;     // an address of the race was not tried: no slot was free
  bool awaits_rest_ = false;    // the race goes on when the other family has answered
  uint8_t phases_told_ = 0;     // one bit each; of a request that asks for it
  bool has_dns_ = false;        // a name was looked up, from started_ to resolved_
  bool dns_cached_ = false;
  bool stale_dns_ = false;
  uint32_t address_ = 0;   // of `all`: the one being probed
  uint32_t left_out_ = 0;  // of `all`: too many to be probed
  uint64_t token_ = 0;
  ProbeRequest request_;
  SystemTime started_at_{};  // started_, on the wall clock
  SteadyTime started_{}, resolved_{}, connecting_since_{}, judge_at_{};
  SteadyTime lost_since_{};  // all known addresses have failed, and the rest is awaited
  SteadyTime time_since_{};  // the timeout is counted from here: started_, or of `all` this address
  OwnDelay own_delay_;       // since the start, or of `all` since this address's
  Duration dns_delay_{};     // the part of dns, which every address has
  std::optional<Duration>
      missing_;                // of the timeout that ended it: what the peer did not get of it
  Resolver* asked_ = nullptr;  // who looks the name up
  Boxed<ResolveAnswer> answer_, rest_;
  std::vector<IpAddress> named_;      // what the resolver said
  std::vector<IpAddress> addresses_;  // one unused with a unix socket
  AddressRace race_;
  std::vector<Live> live_;
  Connection* held_ = nullptr;     // a slot of ours that is not in use
  Connection* current_ = nullptr;  // the open connection
  Boxed<Talk> talk_;
  std::unique_ptr<ProbeResult> result_;  // nothing while there is nothing to tell
  Boxed<Before> before_;
  Boxed<Lack> lack_;              // an address could not be tried for want of something of ours
  Boxed<ProbeError> rest_error_;  // why our resolver did not give the rest of the addresses
};

}  // namespace tocsin
