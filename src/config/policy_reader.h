// The policies of a monitor that are maps: retry, alert, tls. Only what is written is changed, so
// that defaults shine through.
#pragma once

#include "config/draft.h"

namespace tocsin {

void read_retry(ReadContext& context, const YamlNode& node, const Field& field, RetryPolicy& retry);
void read_alert(ReadContext& context, const YamlNode& node, const Field& field, AlertPolicy& alert);
void read_tls(ReadContext& context, const YamlNode& node, const Field& field, TlsOptions& tls);

}  // namespace tocsin
