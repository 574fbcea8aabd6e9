// Secret: text that must not be shown, logged or returned. It has no printer: compare and reveal
// only.
#pragma once

#include <string>
#include <utility>

namespace tocsin {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const { return value_; }  // only where it is sent
  [[nodiscard]] bool empty() const { return value_.empty(); }
  bool operator==(const Secret&) const = default;

 private:
  std::string value_;
};

}  // namespace tocsin
