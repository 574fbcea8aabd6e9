#include "config/monitor_check.h"

#include <fmt/format.h>

#include "config/supported.h"

namespace tocsin {
namespace {

void check_limit(Reader& reader, const Draft& draft, std::string_view field,
                 const std::optional<Duration>& limit) {
  if (limit && *limit > draft.monitor.timeout && draft.is_good(field) && draft.is_good("timeout")) {
    reader.error(draft.place(field),
                 fmt::format("{} ({}) is above timeout ({}): it could never be reached", field,
                             duration_text(*limit), duration_text(draft.monitor.timeout)),
                 "lower it, or raise timeout");
  }
}

void check_limits(Reader& reader, const Draft& draft) {
  const Monitor& monitor = draft.monitor;
  check_limit(reader, draft, "degraded_after", monitor.degraded_after);
  check_limit(reader, draft, "fail_after", monitor.fail_after);
  if (monitor.degraded_after && monitor.fail_after &&
      *monitor.degraded_after > *monitor.fail_after) {
    reader.error(
        draft.place(draft.has("degraded_after") ? "degraded_after" : "fail_after"),
        fmt::format("degraded_after ({}) is above fail_after ({}): nothing could ever be "
                    "degraded",
                    duration_text(*monitor.degraded_after), duration_text(*monitor.fail_after)),
        "make degraded_after the smaller one");
  }
}

void check_tls(Reader& reader, const Draft& draft) {
  const TlsOptions& tls = draft.monitor.tls;
  if (!draft.is_good("tls")) {
    return;
  }
  if (tls.mode == TlsMode::starttls && tls.protocol.empty()) {
    reader.error(draft.place("tls"), "tls mode starttls needs a protocol",
                 "for example { mode: starttls, protocol: smtp }");
  }
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    reader.error(draft.place("tls"), "certificate_file and key_file come together");
  }
}

void check_quorum(Reader& reader, const Draft& draft) {
  const auto* const at_least = std::get_if<AtLeast>(&draft.monitor.alert.locations);
  const size_t locations = draft.monitor.locations.size();
  if (at_least != nullptr && at_least->locations > locations && draft.is_good("alert") &&
      draft.is_good("locations")) {
    reader.error(draft.place("alert"),
                 fmt::format("at_least: {} of {} location{}: nobody could ever be told",
                             at_least->locations, locations, locations == 1 ? "" : "s"),
                 "lower it, or use percent");
  }
}

}  // namespace

void check_fields_together(Reader& reader, const Draft& draft) {
  check_limits(reader, draft);
  check_tls(reader, draft);
  check_quorum(reader, draft);
  if (draft.monitor.should_fail && draft.has("expect")) {
    reader.error(draft.place("expect"), "should_fail and expect exclude each other",
                 "expect: closed demands a refused port; should_fail takes any failure");
  }
  check_supported(reader, draft);
}

void check_supported(Reader& reader, const Draft& draft) {
  const std::optional<Unsupported> part = unsupported(draft.monitor);
  if (part && draft.has(part->field) && draft.is_good(part->field)) {
    reader.error(draft.place(part->field), part->message);
  }
}

void check_family(Reader& reader, const Draft& draft, const Monitor& monitor) {
  const std::optional<IpAddress>& literal = monitor.target.literal();
  if (!literal || !monitor.ip_family_written) {
    return;
  }
  const bool is_v6 = literal->family == Family::v6;
  if (monitor.ip_family == (is_v6 ? IpFamily::ipv4 : IpFamily::ipv6)) {
    reader.error(
        draft.place("ip_family"),
        fmt::format("ip_family {} does not fit the {} address {}",
                    ip_family_name(monitor.ip_family), is_v6 ? "IPv6" : "IPv4", literal->text()),
        "leave ip_family out: an address brings its own");
  }
}

}  // namespace tocsin
