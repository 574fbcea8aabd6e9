// SimSender: receivers of notices, which the test can kill, hang or make refuse. Keeps every
// message that a receiver accepted.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ports/sender.h"
#include "sim/sim_network.h"

namespace tocsin::sim {

enum class ReceiverMode : uint8_t { up, dead, hanging, refusing, lost_answer };

struct Accepted {
  Duration at{};         // since the start of the simulation
  std::string receiver;  // url, or the first mail address
  std::string key;       // webhook-id or Message-ID
  std::string body;
};

class SimSender final : public Sender {
 public:
  SimSender(SimClock& clock, SimNetwork& network) : clock_(clock), network_(network) {}

  void set_mode(ReceiverMode mode) { mode_ = mode; }
  [[nodiscard]] const std::vector<Accepted>& accepted() const { return accepted_; }
  [[nodiscard]] uint64_t tries() const { return tries_; }
  // The program is gone: nothing under way reports any more.
  void crash() { ++life_; }

  void send(uint64_t token, OutgoingMessage message, SendSink& sink) override;

 private:
  void accept(const OutgoingMessage& message);

  SimClock& clock_;
  SimNetwork& network_;
  ReceiverMode mode_ = ReceiverMode::up;
  std::vector<Accepted> accepted_;
  uint64_t tries_ = 0, life_ = 0;
};

}  // namespace tocsin::sim
