// DefinitionCell: the definition of a monitor, or what it is made of. A start hands over a million,
// and most are first looked at when it is their turn to be checked.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <variant>

#include "model/monitor.h"

namespace tocsin {

// A definition in another form, known to be a good one.
struct PackedDefinition {
  std::string_view text;
  // Gives the definition, always.
  std::shared_ptr<const Monitor> (*unpack)(std::string_view text) = nullptr;
};

// Of one thread: the first look at a packed one unpacks it, for good. In the tail of its 24 bytes
// there is room for seven of who holds it with [[no_unique_address]].
class DefinitionCell {
 public:
  DefinitionCell() = default;
  DefinitionCell(std::shared_ptr<const Monitor> whole) : held_(std::move(whole)) {}
  // The text lies in what `packed` keeps alive.
  explicit DefinitionCell(std::shared_ptr<const PackedDefinition> packed)
      : held_(std::move(packed)) {}

  [[nodiscard]] const std::shared_ptr<const Monitor>& whole() const {
    if (const auto* const whole = std::get_if<Whole>(&held_)) {
      return *whole;
    }
    return unpack();
  }
  operator const std::shared_ptr<const Monitor>&() const { return whole(); }
  const Monitor& operator*() const { return *whole(); }
  const Monitor* operator->() const { return whole().get(); }
  [[nodiscard]] const Monitor* get() const { return whole().get(); }
  [[nodiscard]] bool is_packed() const { return std::holds_alternative<Packed>(held_); }

 private:
  using Whole = std::shared_ptr<const Monitor>;
  using Packed = std::shared_ptr<const PackedDefinition>;

  const Whole& unpack() const;

  [[no_unique_address]] mutable std::variant<Whole, Packed> held_;
};

}  // namespace tocsin
