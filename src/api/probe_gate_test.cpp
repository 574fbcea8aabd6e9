#include "api/probe_gate.h"

#include <gtest/gtest.h>

#include <vector>

namespace tocsin {
namespace {

TEST(ProbeGate, OneForEachCallerAndFourInAll) {
  const auto gate = std::make_shared<ProbeGate>();
  std::vector<ProbeGate::Ticket> tickets;
  for (const char* caller : {"a", "b", "c", "d"}) {
    tickets.push_back(gate->enter(caller, kProbesAtOncePerToken));
    EXPECT_TRUE(tickets.back());
    EXPECT_FALSE(gate->enter(caller, kProbesAtOncePerToken));
  }
  EXPECT_FALSE(gate->enter("e", kProbesAtOncePerToken));
  tickets.erase(tickets.begin());
  EXPECT_TRUE(gate->enter("e", kProbesAtOncePerToken));
}

// The attempt and its callback both hold the ticket; the place is free when the last lets go.
TEST(ProbeGate, ThePlaceIsFreeWhenTheLastCopyGoes) {
  const auto gate = std::make_shared<ProbeGate>();
  auto ticket = gate->enter("a", 1);
  auto copy = ticket;
  ticket.reset();
  EXPECT_FALSE(gate->enter("a", 1));
  copy.reset();
  EXPECT_TRUE(gate->enter("a", 1));
}

// Who has their answer may ask for the next at once, whatever still holds a copy.
TEST(ProbeGate, APlaceThatIsGivenBackIsFreeAtOnce) {
  const auto gate = std::make_shared<ProbeGate>();
  const auto ticket = gate->enter("a", 1);
  ticket->give_back();
  const auto next = gate->enter("a", 1);
  EXPECT_TRUE(next);
  ticket->give_back();
  EXPECT_FALSE(gate->enter("a", 1)) << "a place is given back once";
}

// An attempt may end after the API has.
TEST(ProbeGate, ATicketMayOutliveEveryoneElse) {
  auto gate = std::make_shared<ProbeGate>();
  auto ticket = gate->enter("a", 1);
  gate.reset();
  EXPECT_TRUE(ticket);
  ticket.reset();
}

}  // namespace
}  // namespace tocsin
