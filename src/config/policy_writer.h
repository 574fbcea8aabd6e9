// The policies of a monitor as one would write them: retry, alert, tls. Nothing when all is as by
// default; the one word alone where it says all.
#pragma once

#include <optional>

#include "config/written_value.h"
#include "model/monitor.h"

namespace tocsin {

std::optional<WrittenValue> write_retry(const RetryPolicy& retry);
std::optional<WrittenValue> write_alert(const AlertPolicy& alert);
std::optional<WrittenValue> write_tls(const TlsOptions& tls);

// A text for a value in which references are resolved: "${" becomes "$${".
std::string without_references(std::string_view text);
WrittenValue written_text(std::string_view text);
WrittenValue written_texts(const std::vector<std::string>& texts);
WrittenValue written_duration(Duration value);

}  // namespace tocsin
