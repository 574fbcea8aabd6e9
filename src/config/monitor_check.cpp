#include "config/monitor_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

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
  if (tls.mode == TlsMode::starttls && starttls_protocol(draft.monitor).empty() &&
      !has_starttls_step(draft.monitor) && draft.is_good("preset") && draft.is_good("request")) {
    reader.error(draft.place("tls"), "tls mode starttls needs a protocol",
                 "for example { mode: starttls, protocol: smtp }");
  }
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    reader.error(draft.place("tls"), "certificate_file and key_file come together");
  }
}

// Once in a dialogue, and not inside TLS.
void check_starttls_steps(Reader& reader, const Draft& draft) {
  const auto steps = std::ranges::count_if(draft.monitor.request, [](const Step& step) {
    return std::holds_alternative<StarttlsStep>(step);
  });
  if (steps == 0 || !draft.is_good("request")) {
    return;
  }
  if (steps > 1) {
    reader.error(draft.place("request"), "TLS begins once", "keep one starttls step");
  } else if (draft.monitor.tls.mode == TlsMode::direct && draft.is_good("tls")) {
    reader.error(draft.place("request"), "with tls: direct TLS is there from the first byte",
                 "remove the starttls step, or write tls: starttls");
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
  check_starttls_steps(reader, draft);
  check_quorum(reader, draft);
  if (draft.monitor.should_fail && draft.has("expect")) {
    reader.error(draft.place("expect"), "should_fail and expect exclude each other",
                 "expect: closed demands a refused port; should_fail takes any failure");
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
