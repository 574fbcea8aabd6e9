// Boxed: an optional value that costs a pointer while there is none. For what few of many objects
// have.
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace tocsin {

template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed& operator=(T value) {
    if (value_) {
      *value_ = std::move(value);
    } else {
      value_ = std::make_unique<T>(std::move(value));
    }
    return *this;
  }
  void reset() { value_.reset(); }
  // What is in it, which is nothing afterwards.
  std::optional<T> take() {
    const std::unique_ptr<T> old = std::move(value_);
    return old ? std::optional<T>(std::move(*old)) : std::nullopt;
  }

  explicit operator bool() const { return value_ != nullptr; }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_.get(); }
  const T* operator->() const { return value_.get(); }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace tocsin
