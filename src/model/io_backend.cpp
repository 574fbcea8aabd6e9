#include "model/io_backend.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kBackends = {NamedValue{IoBackend::automatic, "auto"},
                                  NamedValue{IoBackend::epoll, "epoll"},
                                  NamedValue{IoBackend::io_uring, "io_uring"}};

}  // namespace

std::string_view io_backend_name(IoBackend backend) { return name_in(kBackends, backend); }
std::optional<IoBackend> io_backend_from_name(std::string_view name) {
  return value_in(kBackends, name);
}

}  // namespace tocsin
