// Which interface of the kernel carries the probes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin {

// automatic: the one that was measured to be the best choice for most machines.
enum class IoBackend : uint8_t { automatic, epoll, io_uring };
std::string_view io_backend_name(IoBackend backend);  // "auto", "epoll", "io_uring"
std::optional<IoBackend> io_backend_from_name(std::string_view name);

}  // namespace tocsin
