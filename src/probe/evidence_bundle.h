// EvidenceBundle: the connects of one bundle and what has come of them so far. Internal to
// evidence_gatherer.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/evidence_plan.h"
#include "model/evidence.h"
#include "model/monitor.h"
#include "ports/clock.h"
#include "ports/probe_io.h"
#include "ports/reach.h"
#include "ports/resolver.h"

namespace tocsin {

struct EvidenceRequest {
  std::shared_ptr<const Monitor> monitor;
  ReachRole role = ReachRole::operator_files;
  EvidencePlan plan;
  std::optional<SocketAddress> remote;  // the address that failed
  std::optional<IpAddress> last_good;   // the one that last did not
};

struct EvidenceTools {
  ProbeIo& io;
  const Clock& clock;
  const ReachPolicy& reach;
  std::vector<IpAddress> sources;  // of the server, at most one of each family
};

class EvidenceBundle {
 public:
  // kEvidenceSlots slots from `first_slot` on are its own.
  EvidenceBundle(uint64_t number, EvidenceRequest request, EvidenceTools& tools,
                 SlotIndex first_slot);

  // The closed port, the walk, and the addresses that are known without a question.
  void start();
  void on_event(const IoEvent& event);
  void on_answer(const ResolveAnswer& answer);
  void on_second_try(const Attempt& attempt);
  // The far half of the walk, when its turn has come, and the end of all connects.
  void advance(SteadyTime now);
  // The second try has a time of its own, which may end after that of the connects.
  [[nodiscard]] bool is_over(SteadyTime now) const;
  // When advance or is_over has something to do.
  [[nodiscard]] SteadyTime next_deadline() const;
  // Ends it, and closes what is still open.
  Evidence finish(SteadyTime now);

  [[nodiscard]] uint64_t number() const { return number_; }
  [[nodiscard]] const EvidenceRequest& request() const { return request_; }
  [[nodiscard]] SteadyTime ends() const { return ends_; }
  [[nodiscard]] bool awaits_name() const { return awaits_name_; }
  void await_name() { awaits_name_ = true; }

 private:
  enum class Purpose : uint8_t { closed_port, other, hop };
  // A connect under way.
  struct Live {
    SlotIndex slot = 0;
    Purpose purpose = Purpose::hop;
    size_t index = 0;  // of `other`: in evidence_.others; of `hop`: the hop limit
    SteadyTime since{};
  };
  // False: the gate or our own side refuses; `knock` says why.
  bool may_connect(Knock& knock) const;
  // Where the probe came from too.
  [[nodiscard]] std::optional<IpAddress> source_for(const SocketAddress& to) const;
  void connect(const SocketAddress& to, Purpose purpose, size_t index, uint8_t hop_limit);
  void knock_at(const IpAddress& ip);
  void walk_to(uint8_t from, uint8_t to);
  void settle_knock(Knock& knock, const Live& live, const IoEvent& event);
  void settle_hop(const Live& live, const IoEvent& event);
  [[nodiscard]] bool wants_far_half() const;
  // Who has not answered by now is silent.
  void give_up(SteadyTime now);

  uint64_t number_;
  EvidenceRequest request_;
  EvidenceTools& tools_;
  SlotIndex next_slot_;
  SteadyTime began_;
  SteadyTime ends_;    // of its connects
  SteadyTime latest_;  // and of all of it
  bool awaits_name_ = false;
  bool awaits_second_ = false;
  bool walked_far_ = false;
  bool gave_up_ = false;
  std::vector<Live> live_;
  Evidence evidence_;
};

}  // namespace tocsin
