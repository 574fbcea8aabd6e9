// Result<T>: what a function that can fail in an expected way returns. An Error is for the operator
// (a file, a port, a disk); what a probe can report about its target is a ProbeError (error_code.h)
// and a fact, never an Error.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace tocsin {

// Why an operation of ours failed, as far as the caller would act on the difference.
enum class ErrorKind : uint8_t {
  invalid_input,  // the caller's words are wrong; the message says what, where and what to do
  not_found,      // no such thing
  conflict,       // somebody else owns it, or it changed meanwhile
  unauthorized,   // no or wrong credentials
  forbidden,      // known, but not allowed
  too_large,      // over a named limit
  busy,           // in use or over capacity; trying again later may help
  disk_full,      // no space left where the store lies
  io,             // the operating system refused an operation
  corrupt,        // stored bytes are not what was written
  newer_version,  // written by a newer Tocsin
  unavailable,    // a part we need does not answer
  timed_out,      // the deadline passed
};

struct Error {
  ErrorKind kind = ErrorKind::io;
  std::string message;  // one or more plain sentences; never a secret
};

template <class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string message) {
  return std::unexpected(Error{kind, std::move(message)});
}

}  // namespace tocsin
