// Whether the steps of a request fit each other: each {{name}} of a send is a group of an expect
// before it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "model/monitor.h"

namespace tocsin {

struct RequestFault {
  size_t step = 0;  // from 0
  std::string message;
  std::string hint;  // may be empty
};
// The first one; nothing when the request can be carried out as far as can be known.
std::optional<RequestFault> find_request_fault(std::span<const Step> request);

}  // namespace tocsin
