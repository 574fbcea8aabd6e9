// Where a name leads, remembered from answer to answer, so that a move is told: "A, B -> C". It
// alerts nobody.
//
// DNS turns addresses over for a living, so two rules keep that quiet:
// - another set counts once every answer for kMoveSettles was that very set. Names that rotate, or
//   show another part of a large set each time, never hold one for so long.
// - the third move within kMovesForget is the last that is told until the name has kept one set
//   for as long: who moves so often has no place to move from.
//
//   10:00 A B      told by the first answer, nothing to say
//   10:01 C        another set: seen since 10:01
//   10:02 A B      back: forgotten
//   10:05 C        seen since 10:05
//   10:15 C        moved: A, B -> C
//
// The order of the addresses means nothing. Pure: `now` is the start of the attempt.
#pragma once

#include <optional>
#include <span>

#include "model/status.h"

namespace tocsin {

inline constexpr Duration kMoveSettles = 10min;
inline constexpr Duration kMovesForget = 24h;
inline constexpr size_t kMovesRemembered = 3;

struct AddressStep {
  KeptAddresses after;
  bool to_disk = false;  // what a restart should know; a set that is only seen is seen again
  std::optional<AddressMove> moved;
};

// `named` is what the resolver said now, never an old answer; empty: nothing is learnt.
AddressStep watch_addresses(const KeptAddresses& before, std::span<const IpAddress> named,
                            SystemTime now);

// "192.0.2.1, 192.0.2.2 → 192.0.2.3"; at most four of each side, the others as a number.
std::string address_move_text(const AddressMove& move);

}  // namespace tocsin
