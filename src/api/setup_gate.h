// SetupGate: the one time that somebody without an account may make one. Open while no user exists,
// to whoever holds the token that the server printed where it runs; claimed by the first who shows
// it, while their password is hashed; closed for ever once there is a user. One thread.
//
//   open -> claimed -> closed        claimed -> open when it came to nothing
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

class SetupGate {
 public:
  // No user exists. Kept in memory only: the next start makes another one.
  void open(std::string token);
  void close();

  [[nodiscard]] bool is_open() const { return state_ != State::closed; }
  // Where the browser of its holder begins; empty while closed.
  [[nodiscard]] std::string link(std::string_view public_url) const;
  // In a time that does not tell how much of it is right. Never while closed.
  [[nodiscard]] bool takes(std::string_view token) const;
  // False: somebody else has claimed it, or it is closed.
  [[nodiscard]] bool claim();
  void give_back();

 private:
  enum class State : uint8_t { closed, open, claimed };
  State state_ = State::closed;
  std::string token_;
};

}  // namespace tocsin
