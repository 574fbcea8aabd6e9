#include "config/other_fields.h"

#include <array>

#include "base/limits.h"

namespace tocsin {
namespace {

using enum FieldType;

constexpr int64_t us(Duration value) { return value.count(); }
constexpr int64_t number_of(size_t value) { return static_cast<int64_t>(value); }

constexpr int64_t kUrlMax = 2048;  // bytes; what servers and proxies commonly take
// Bytes of a mail address, RFC 5321 4.5.3.1.3 less the brackets.
constexpr int64_t kAddressMax = 254;
constexpr int64_t kSecretMax = 4096;  // bytes
constexpr Duration kKeepMax = 24h * 36500;

constexpr std::array kRootFields = {
    Field{.name = "version",
          .type = number,
          .default_text = "1",
          .min = 1,
          .max = 1,
          .help = "Version of this format.",
          .example = "1"},
    Field{.name = "project",
          .type = map,
          .help = "The project that these files form; in one file only, or the same in all.",
          .example = "{ id: shop, name: Shop }"},
    Field{.name = "defaults",
          .type = map,
          .help = "Fields for every monitor of this file; in the file with `project`, for those of "
                  "all files.",
          .example = "{ interval: 30s, channels: [oncall] }"},
    Field{.name = "channels",
          .type = map,
          .help = "Where to tell, by id.",
          .example = "{ ops: { type: webhook, url: \"https://hooks.example.com/x\" } }"},
    Field{.name = "monitors",
          .type = map,
          .help = "What to check, by id.",
          .example = "{ redis: { target: \"127.0.0.1:6379\" } }"},
    Field{.name = "server",
          .type = map,
          .help = "Settings of the server.",
          .example = "{ public_url: \"https://status.example.com\" }"},
};

constexpr std::array kProjectFields = {
    Field{.name = "id",
          .type = identifier,
          .required = true,
          .help = "Short name; letters, digits, _ - / # .",
          .example = "shop"},
    Field{.name = "name",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kNameBytesMax),
          .help = "What people read; the id when left out.",
          .example = "Shop"},
};

constexpr std::array kChannelFields = {
    Field{.name = "type",
          .type = choice,
          .choices = "webhook|email",
          .required = true,
          .help = "How to tell.",
          .example = "webhook"},
    Field{.name = "name",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kNameBytesMax),
          .help = "What people read; the id when left out.",
          .example = "On call"},
    Field{.name = "send",
          .type = text_list,
          .unit = "items",
          .default_text = "[down, recovered, reminder, escalated, flapping, group]",
          .max = 20,
          .help = "The events that are told.",
          .example = "[down, recovered]"},
    Field{.name = "url",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = kUrlMax,
          .help = "webhook: where to post.",
          .example = "https://hooks.example.com/x"},
    Field{.name = "secret",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = kSecretMax,
          .help = "webhook: signing key; whsec_ and base64, or a text of at least 24 bytes.",
          .example = "\"${env:HOOK_SECRET}\""},
    Field{.name = "headers",
          .type = map,
          .help = "webhook: further headers, by name.",
          .example = "{ X-Team: shop }"},
    Field{.name = "to",
          .type = text_list,
          .unit = "items",
          .min = 1,
          .max = 100,
          .help = "email: who is written to.",
          .example = "[oncall@example.com]"},
    Field{.name = "from",
          .type = text,
          .unit = "bytes",
          .min = 3,
          .max = kAddressMax,
          .help = "email: the sender's address.",
          .example = "tocsin@example.com"},
    Field{.name = "smtp",
          .type = map,
          .help = "email: the mail server.",
          .example = "{ host: mail.example.com, port: 587 }"},
};

constexpr std::array kSmtpFields = {
    Field{.name = "host",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kHostBytesMax),
          .required = true,
          .help = "Name or address of the mail server.",
          .example = "mail.example.com"},
    Field{.name = "port",
          .type = number,
          .default_text = "25",
          .min = 1,
          .max = 65535,
          .help = "Port of the mail server.",
          .example = "587"},
    Field{.name = "security",
          .type = choice,
          .default_text = "starttls",
          .choices = "none|starttls|tls",
          .help = "starttls is demanded, never \"if offered\".",
          .example = "tls"},
    Field{.name = "username",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kNameBytesMax),
          .help = "Login name, when the server wants one.",
          .example = "tocsin"},
    Field{.name = "password",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = kSecretMax,
          .help = "Password of the login.",
          .example = "\"${file:/run/secrets/smtp}\""},
    Field{.name = "verify",
          .type = boolean,
          .default_text = "true",
          .help = "false: any certificate will do.",
          .example = "false"},
};

constexpr std::array kServerFields = {
    Field{.name = "public_url",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = kUrlMax,
          .help = "How people reach this server; used in links.",
          .example = "https://status.example.com"},
    Field{.name = "retention",
          .type = map,
          .help = "How long results are kept.",
          .example = "{ raw: 35d, failures: 400d }"},
    Field{.name = "reach",
          .type = map,
          .help = "What editors' monitors may connect to.",
          .example = "{ allow: [10.0.0.0/8] }"},
    Field{.name = "dns",
          .type = map,
          .help = "How names are looked up.",
          .example = "{ servers: [127.0.0.1] }"},
    Field{.name = "source",
          .type = text_list,
          .unit = "items",
          .min = 1,
          .max = 2,
          .help = "Addresses of this machine that probes come from, one of each family; a monitor "
                  "may have one of its own.",
          .example = "[192.0.2.10, '2001:db8::10']"},
    Field{.name = "rate_limit",
          .type = map,
          .help = "How many requests the API takes of one token, session or address.",
          .example = "{ per_second: 50, burst: 200 }"},
    Field{.name = "io",
          .type = choice,
          .default_text = "auto",
          .choices = "auto|epoll|io_uring",
          .help =
              "Interface of the kernel for probes; auto and io_uring are epoll where io_uring may "
              "not be used.",
          .example = "io_uring"},
    Field{.name = "realtime",
          .type = boolean,
          .default_text = "false",
          .help = "Asks for real-time priority for the thread that probes, so that checks start on "
                  "time on a busy machine; the log says when it is not permitted.",
          .example = "true"},
    Field{.name = "trusted_proxies",
          .type = text_list,
          .unit = "items",
          .max = 100,
          .help = "Blocks of addresses of reverse proxies, whose X-Forwarded-For says which client "
                  "a limit counts.",
          .example = "[127.0.0.1/32]"},
};

constexpr std::array kRetentionFields = {
    Field{.name = "raw",
          .type = duration,
          .unit = "us",
          .default_text = "35d",
          .min = us(1h),
          .max = us(kKeepMax),
          .help = "Single results.",
          .example = "35d"},
    Field{.name = "failures",
          .type = duration,
          .unit = "us",
          .default_text = "400d",
          .min = us(1h),
          .max = us(kKeepMax),
          .help = "Failures in full.",
          .example = "400d"},
    Field{.name = "hourly",
          .type = duration,
          .unit = "us",
          .default_text = "730d",
          .min = us(1h),
          .max = us(kKeepMax),
          .help = "Figures by the hour.",
          .example = "730d"},
};

constexpr std::array kReachFields = {
    Field{.name = "allow",
          .type = text_list,
          .unit = "items",
          .max = 1000,
          .help = "Blocks of addresses; all but loopback and private when left out.",
          .example = "[10.0.0.0/8, '2001:db8::/32']"},
};

constexpr std::array kDnsFields = {
    Field{.name = "servers",
          .type = text_list,
          .unit = "items",
          .min = 1,
          .max = 8,
          .help = "Resolvers, ADDRESS or ADDRESS:PORT; those of the system when left out.",
          .example = "[127.0.0.1, '[::1]:5353']"},
    Field{.name = "canary",
          .type = text,
          .unit = "bytes",
          .min = 1,
          .max = number_of(kHostBytesMax),
          .help =
              "A name that always exists, to tell a dead resolver from a dead name: who does not "
              "know it "
              "is at fault for every name that it denies. Without one "
              "other names that were well before are asked when the resolver says that it fails.",
          .example = "example.com"},
};

constexpr std::array kRateLimitFields = {
    Field{.name = "per_second",
          .type = number,
          .unit = "requests",
          .default_text = "50",
          .min = 1,
          .max = number_of(kRequestRateMax),
          .help = "In the long run.",
          .example = "50"},
    Field{.name = "burst",
          .type = number,
          .unit = "requests",
          .default_text = "200",
          .min = 1,
          .max = number_of(kRequestRateMax),
          .help = "At once, before the long run counts.",
          .example = "200"},
};

}  // namespace

std::span<const Field> root_fields() { return kRootFields; }
std::span<const Field> project_fields() { return kProjectFields; }
std::span<const Field> channel_fields() { return kChannelFields; }
std::span<const Field> smtp_fields() { return kSmtpFields; }
std::span<const Field> server_fields() { return kServerFields; }
std::span<const Field> retention_fields() { return kRetentionFields; }
std::span<const Field> reach_fields() { return kReachFields; }
std::span<const Field> dns_fields() { return kDnsFields; }
std::span<const Field> rate_limit_fields() { return kRateLimitFields; }

std::span<const Field> fields_below(const Field& field) {
  struct Row {
    std::string_view name;
    std::span<const Field> fields;
  };
  const std::array<Row, 7> rows = {
      Row{"project", kProjectFields},     Row{"server", kServerFields}, Row{"smtp", kSmtpFields},
      Row{"retention", kRetentionFields}, Row{"reach", kReachFields},   Row{"dns", kDnsFields},
      Row{"rate_limit", kRateLimitFields}};
  for (const Row& row : rows) {
    if (row.name == field.name) {
      return row.fields;
    }
  }
  return {};
}

}  // namespace tocsin
