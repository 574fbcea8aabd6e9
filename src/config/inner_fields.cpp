// The rows of the small maps inside a monitor: steps of a request, assertions, parts of the alert
// policy.
#include <array>

#include "base/limits.h"
#include "config/other_fields.h"

namespace tocsin {
namespace {

using enum FieldType;

constexpr int64_t us(Duration value) { return value.count(); }
constexpr int64_t number_of(size_t value) { return static_cast<int64_t>(value); }

constexpr int64_t kLocationsMax = 1000;
constexpr Duration kReminderMax = 24h * 30;
constexpr Duration kEscalationMax = 24h * 30;

constexpr std::array kStepFields = {
    Field{.name = "send",
          .type = text,
          .help = "Bytes to send: a text with escapes and captures, or a map.",
          .example = R"("PING\r\n")"},
    Field{.name = "expect",
          .type = text,
          .help = "What must come: literal bytes, or a map.",
          .example = "\"+PONG\""},
    Field{.name = "starttls", .type = boolean, .help = "Go over to TLS here.", .example = "true"},
};

constexpr std::array kSendFields = {
    Field{.name = "text",
          .type = text,
          .help = R"(A text; \r \n \t \0 \xHH and others are read, {{name}} is what a group of an )"
                  R"(earlier expect took, \{ a plain {.)",
          .example = R"("PING\r\n")"},
    Field{
        .name = "hex", .type = text, .help = "Pairs of hex digits.", .example = "\"50 49 4e 47\""},
    Field{.name = "base64", .type = text, .help = "Base64 with padding.", .example = "UElORw=="},
};

constexpr std::array kExpectFields = {
    Field{.name = "text",
          .type = text,
          .help = "Literal bytes; escapes are read.",
          .example = "\"+PONG\""},
    Field{.name = "regex",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kPatternBytesMax),
          .help = "A regular expression (RE2); its groups can be sent later: (?P<name>...) is "
                  "{{name}}, the first of the newest expect {{1}}.",
          .example = "'^220 '"},
    Field{.name = "json",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kPatternBytesMax),
          .help =
              "A JSON path: waits for the whole first JSON object or list and for what the path "
              "finds in it.",
          .example = "\"$.status\""},
    Field{.name = "is",
          .type = text,
          .unit = "bytes",
          .max = number_of(kTextBytesMax),
          .help = "What json must find, else the step fails at once; anything when left out.",
          .example = "ready"},
    Field{.name = "refuse",
          .type = text_list,
          .unit = "items",
          .max = 10,
          .help = "Regular expressions that fail the step at once.",
          .example = "['^5']"},
};

constexpr std::array kAssertionFields = {
    Field{.name = "source",
          .type = choice,
          .choices = "response_time|response_data|connect_time|dns_time|tls_time|resolved_ip|"
                     "cert_days_left|tls_version|bytes_received|error_code",
          .required = true,
          .help = "What is looked at.",
          .example = "response_data"},
    Field{.name = "property",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kPatternBytesMax),
          .help =
              "Part of the data: a regular expression whose first group is taken, or a JSON path "
              "beginning with $.",
          .example = "$.status"},
    Field{.name = "comparison",
          .type = choice,
          .choices = "equals|==|not_equals|!=|less_than|<|greater_than|>|contains|not_contains|"
                     "matches|not_matches|is_empty|not_empty|has_key|not_has_key|has_value|"
                     "not_has_value|is_null|not_null",
          .required = true,
          .help = "How it is compared.",
          .example = "contains"},
    Field{.name = "target",
          .type = text,
          .unit = "bytes",
          .max = number_of(kTextBytesMax),
          .help = "What it is compared with; a duration for times.",
          .example = "ok"},
};

constexpr std::array kQuorumFields = {
    Field{.name = "at_least",
          .type = number,
          .min = 1,
          .max = kLocationsMax,
          .help = "This many locations.",
          .example = "2"},
    Field{.name = "percent",
          .type = number,
          .min = 1,
          .max = 100,
          .help = "This share of the locations that could judge.",
          .example = "50"},
};

constexpr std::array kReminderFields = {
    Field{.name = "every",
          .type = duration,
          .unit = "us",
          .min = us(1s),
          .max = us(kReminderMax),
          .required = true,
          .help = "Time between two reminders.",
          .example = "10m"},
    Field{.name = "count",
          .type = number,
          .min = 1,
          .max = 10000,
          .required = true,
          .help = "How many at most.",
          .example = "3"},
};

constexpr std::array kEscalationFields = {
    Field{.name = "after",
          .type = duration,
          .unit = "us",
          .min = us(1s),
          .max = us(kEscalationMax),
          .required = true,
          .help = "Time from the opening of the incident.",
          .example = "15m"},
    Field{.name = "channels",
          .type = text_list,
          .unit = "items",
          .min = 1,
          .max = 100,
          .required = true,
          .help = "Ids of the channels that are told then.",
          .example = "[oncall]"},
};

}  // namespace

std::span<const Field> step_fields() { return kStepFields; }
std::span<const Field> send_fields() { return kSendFields; }
std::span<const Field> expect_fields() { return kExpectFields; }
std::span<const Field> assertion_fields() { return kAssertionFields; }
std::span<const Field> quorum_fields() { return kQuorumFields; }
std::span<const Field> reminder_fields() { return kReminderFields; }
std::span<const Field> escalation_fields() { return kEscalationFields; }

}  // namespace tocsin
