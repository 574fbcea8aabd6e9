#include "api/setup_gate.h"

#include <utility>

#include "api/token.h"

namespace tocsin {

void SetupGate::open(std::string token) {
  state_ = State::open;
  token_ = std::move(token);
}

void SetupGate::close() {
  state_ = State::closed;
  token_.clear();
}

std::string SetupGate::link(std::string_view public_url) const {
  return is_open() ? std::string(public_url) + "/#/setup/" + token_ : std::string();
}

bool SetupGate::takes(std::string_view token) const {
  return is_open() && !token_.empty() && same_secret(token_, token);
}

bool SetupGate::claim() {
  if (state_ != State::open) {
    return false;
  }
  state_ = State::claimed;
  return true;
}

void SetupGate::give_back() {
  if (state_ == State::claimed) {
    state_ = State::open;
  }
}

}  // namespace tocsin
