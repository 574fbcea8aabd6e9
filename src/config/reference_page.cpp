#include "config/reference_page.h"

#include <fmt/format.h>

#include "base/limits.h"
#include "config/other_fields.h"
#include "config/reference_table.h"
#include "config/reference_words.h"

namespace tocsin {
namespace {

constexpr std::string_view kBeginning = R"(# Configuration

<!-- Made from the field tables by src/config/reference_page.cpp: change those, then run config_tests with UPDATE_GOLDEN=1. -->

What to check, how, and whom to tell, in YAML. `tocsin validate FILE...` names every mistake at once with file, line, column and a hint;
`tocsin schema` prints the JSON Schema that editors read. A whole configuration:

```yaml
version: 1
project: { id: shop, name: Shop }
defaults: { interval: 30s, timeout: 5s, channels: [ops] }
channels:
  ops: { type: webhook, url: "https://hooks.example.com/tocsin", secret: "${env:HOOK_SECRET}" }
monitors:
  redis:
    name: Redis sessions
    target: 10.0.0.5:6379
    request: [ { send: "PING\r\n" }, { expect: "+PONG" } ]
    assert: [ "response_time < 200ms" ]
    retry: { strategy: fixed, base: 10s, max: 2 }
    alert: { after_runs: 2 }
```

In the tables below "required" in the column of defaults marks what must be written, and `-` means none. Limits of texts count bytes.
)";

constexpr std::string_view kFiles = R"(
## Files

`--config` and `tocsin validate` take files and folders; of a folder every `*.yaml` and `*.yml` below it, in the order of their names, but
none whose name begins with a dot. All of them together are one configuration:

- Monitors and channels of all files are joined. An id appears once; a monitor may name channels and monitors of other files.
- `project` and `server` stand in one file, or are the same in all.
- `defaults` hold for the monitors of their file; those of the file with `project` hold for all files. A field of a monitor wins over the
  `defaults` of its file, and these win over those of the project.
- `retry`, `alert` and `tls` written as maps are joined with the defaults key by key; every other value, lists too, replaces the default.

YAML is read strictly: a key appears once, there are no anchors, aliases or tags, and one file has one document.
)";

constexpr std::string_view kReferences = R"(
## References

A text may hold references. The program that reads the file resolves them; what they stand for is never shown in a message.

| written | stands for |
|---|---|
| `${env:NAME}` | the environment variable; an error when it is not set |
| `${env:NAME:-default}` | the same, or `default` when it is not set or empty |
| `${file:/path}` | the content of the file without its last line end; the path is absolute |
| `$${` | a plain `${` |

Put a text with a reference in double quotes: `{` and `}` mean something to YAML.
)";

constexpr std::string_view kDurations = R"(
## Durations

A number with its unit: `us`, `ms`, `s`, `m`, `h`, `d`, `y` (365 days). Several go from large to small, as in `1m30s`, and a fraction will do
(`0.5s`). The unit is never left out: `timeout: 5` is an error.
)";

constexpr std::string_view kMonitors = R"(
A monitor says what to check. Its key is its id: letters, digits and `_ - / # .`; a monitor keeps its history as long as it keeps its id.
It needs a `target`, or a `host` with `port` or `preset`, or a `for_each`. Link-local, metadata and multicast addresses are never probed.

A monitor gone from the files is watched no more; its history stays. When a reload finds no `monitors:` in any file, because one was emptied or
cut off, it is refused and the old configuration stays; `monitors: {}` stops watching them all.

`degraded_after` and `fail_after` are at most `timeout`, and the first is not above the second. `should_fail` and `expect` exclude each other.

`ip_family: auto` connects as browsers do (RFC 8305): IPv6 first, the other family a quarter of a second later, and the first that opens is probed. A family
that DNS answers late joins them; while one is still to come, or the resolver of this place fails to say, nothing is called down.

`ip_family: all` probes each address of a name, one after the other: at most 16, and the result says how many were left out. Each has a whole `timeout` of
its own; looking the name up counts into that of the first, and into the response time of each. All are always tried, and only if every one passes the
check passes: the worst decides, and the response time is that of the slowest. A family that DNS does not answer is no family without addresses: the check
does not pass without it. A check with dead addresses may take longer than the interval; what comes due meanwhile is skipped.

)";

constexpr std::string_view kForEach = R"(
### for_each

One definition for several ports of one host, or for several hosts of one port. The ids become `web-80`, `web-443`, `db-db1.example.com`; what
an id cannot have becomes `-`.

```yaml
monitors:
  web:
    target: www.example.com
    for_each: [80, 443]
  db:
    port: 5432
    for_each: [db1.example.com, db2.example.com, "db3.example.com:5433"]
```
)";

constexpr std::string_view kRequest = R"(
### request

Nothing, one text to send, or steps that follow one another. A step is a map with one of these keys:

)";

constexpr std::string_view kRequestParts = R"(
`send` as a map has one of these; the short form `send: "PING\r\n"` is `text`:

{}
`expect` as a map has one of `text`, `regex` and `json`, and `refuse` beside it; the short form `expect: "+PONG"` is `text`. A step waits until
what it wants is found in the bytes received since the step before. It fails as soon as it can no longer be met: a `refuse` pattern matches, the JSON
document is there and `json` does not find what `is` says. The document is the first object or list, whatever stands before it:

{}
```yaml
monitors:
  mail:
    target: mail.example.com:25
    request:
      - expect: {{ regex: '^220 ', refuse: ['^5'] }}
      - send: "EHLO tocsin\r\n"
      - expect: "250"
```

What a group of a `regex` took can be sent later, at most 4096 bytes of each group: a named group `(?P<stamp>...)` as `{{{{stamp}}}}` by any send after
it, groups by number as `{{{{1}}}}`, those of the newest `expect` that has any. `\{{{{` is a plain `{{{{` (in the double
quotes of YAML `\\{{{{`); hex, base64 and what references stand for are sent as
they are. A step whose groups are sent is met at the end of its match, so a pattern had better say what ends it: `id=(\d+)\r\n` is met with the line,
`id=(\d+)` by the byte after the last digit, or when nothing came for a second; such an
open end is looked for in 1024 bytes at most. A group that took no part in the match fails the step that sends it.

A regular expression, here and in assertions, has at most 1000 steps with its repeats written out (`x{{500}}` is 500 of them): it is looked for between all other
checks.

```yaml
monitors:
  mailbox:
    target: mail.example.com:110
    request:
      - expect: {{ regex: '^\+OK .*(?P<stamp><[^>]+>)', refuse: ['^-ERR'] }}
      - send: "APOP watch {{{{stamp}}}}\r\n"
      - expect: '-ERR'
  queue:
    target: queue.example.com:7000
    request:
      - send: '{{"op": "health"}}\n'
      - expect: {{ json: "$.status", is: ready }}
```

What references stand for in `request` and `assert` is a secret when it has 4 bytes or more: `***` takes its place in the transcript, in what was sent and
received, in reasons, logs, notices and in the definition as it is shown. That holds for its hex and base64 too (of just that text), so also for what a server sends back.
`tocsin probe -v` and the page of a result show how long each step took and which one failed.
)";

constexpr std::string_view kTls = R"(
### tls

A word alone is the mode: `tls: direct` is `tls: { mode: direct }`. `certificate_file` and `key_file` come together.

With `starttls` the words of the protocol are said first, and `request` is said inside TLS; without a `request` the handshake is the check, and the
protocol's goodbye ends it. `protocol` may be left out beside a preset that knows one (`preset: submission`). A service with words of its own is
upgraded by a `starttls` step: `tls: starttls` with `request: [ { expect: { regex: "^INFO [^\n]*\n" } }, starttls ]` speaks to NATS.

)";

constexpr std::string_view kAssert = R"(
### assert

`source comparison target`, or `source(property) comparison target`. A target is a duration for times, a number, one word, or a text in double
quotes with the escapes of JSON and `\xHH`. A line with quotes or `: ` in it goes in single quotes for YAML. Every assertion is evaluated, and
every one must hold.

A property is for `response_data`: a regular expression whose first group is compared, or a JSON path that begins with `$`
(`$.key`, `['key']`, `[0]`, `[*]`, `.*`, `.length`). A path that finds several values demands it of each; one that finds nothing fails.

)";

constexpr std::string_view kAssertMap = R"(
The same as a map, for those who generate configurations:

{}
```yaml
monitors:
  status:
    target: status.example.com:80
    request: "GET /health HTTP/1.0\r\n\r\n"
    assert:
      - response_time < 200ms
      - 'response_data contains "200 OK"'
      - {{ source: response_data, property: 'nodes=(\d+)', comparison: ">", target: "2" }}
```
)";

constexpr std::string_view kWay = R"(
### source, resolver, proxy

The way of a probe to its target. All three may stand under `defaults`; `server.source` and `server.dns` are for monitors that say nothing,
those made in the browser included.

An address that this machine does not have makes the verdict `unknown`, as any trouble of our own does: nobody is told that the target is down.
A source of one family asks a name for that family alone.

With a proxy the target's name is looked up by the proxy, and `resolver` is asked for the name of the proxy. `connect_time` is the time until the
way to the target is open; a result in full says how much of it went by until the proxy had taken the connection. What the proxy says of the target
(refused, unreachable, timed out, no such name) makes it fail; all other trouble with the proxy is `proxy_failed`, and the verdict is `unknown`. An
HTTP proxy that says nothing for half the timeout is asked whether it works at all, on a second connection: only then its silence is the target's
([adr/0017](adr/0017-proxies.md)). `@`, `:` and `%` in a name or a password are written `%40`, `%3A` and `%25`. The password is shown nowhere; write
it as a reference, `socks5://probe:${env:PROXY_PASSWORD}@proxy.example.com:1080`.

When the addresses of a name change, the result, the page of the monitor and the log say so; nobody is alerted
([adr/0016](adr/0016-a-name-that-moves.md)).

)";

constexpr std::string_view kRetry = R"(
### retry

Further attempts before a failure counts. A word alone is the strategy: `retry: single`. Only a failure is retried, and the last attempt decides.

)";

constexpr std::string_view kAlert = R"(
### alert

When people are told. `after_minutes` decides alone as long as `after_runs` is 1; with a larger one, whichever is reached first decides.

)";

constexpr std::string_view kPresets = R"(
## presets

A preset fills the port when none is written, and where the protocol has a goodbye it is said before the connection closes. It does not
send, demand or turn on TLS: `request`, `assert` and `tls` do. The last column is the probe that `tocsin probe --preset` makes of it.

The goodbye is said after the verdict is known, and the check does not wait for what it brings. With a dash the protocol has none that a client may say before it
has logged in: the connection is closed in order, and only the server's own log can tell more. It follows a dialogue that passed; a failed one is cut off.

With `close: quiet` nothing is said and the service never sees the connection: SYN, SYN-ACK, RST. A check then proves only that the kernel of the
host answers, and firewalls and intrusion detection may take it for a SYN scan. It is for services that complain of clients that do not log in.
Such checks leave from 1,024 ports of this machine, chosen by chance at its start (Linux 6.3 and newer).

)";

constexpr std::string_view kChannels = R"(
## channels

Where to tell. The key is the id that `channels` of a monitor and of `escalate` name. A meaning that begins with a type is for channels of that
type: a webhook needs `url`, e-mail needs `to`, `from` and `smtp`. Format of the webhook: [formats/webhook.md](formats/webhook.md).

Channels can also be made over the API (`/api/v1/channels`, and in the pages), with the same fields. They live in the server's data folder, outlast
restarts and reloads, and monitors of files and of the API name either kind; `tocsin validate --data DIR` knows them too. When a file has a channel of the
same id, the file's counts and the other one rests until it is gone from the files. Channels of files are not changed over the API. How secrets are
kept and what happens to notices that wait: [adr/0009](adr/0009-channels-in-the-store.md).

)";

constexpr std::string_view kChannelExample = R"(
All events there are:

```yaml
channels:
  archive:
    type: webhook
    url: "https://hooks.example.com/all"
    send: [down, degraded, recovered, reminder, escalated, flapping, group, location.unknown, self, test]
monitors:
  db: { target: "db.example.com:5432", channels: [archive] }
```

### smtp

`username` and `password` come together.

)";

std::string section(std::string_view heading, std::string_view introduction,
                    std::span<const Field> fields) {
  return fmt::format("\n{}\n\n{}{}{}", heading, introduction, introduction.empty() ? "" : "\n\n",
                     field_table(fields));
}

std::string files_text() {
  return fmt::format("{}A file has at most {} MiB, all files together {} monitors.\n", kFiles,
                     kConfigBytesMax / 1_MiB, kMonitorsMax);
}

std::string defaults_text() {
  std::string names;
  for (const Field& field : monitor_fields()) {
    if (field.in_defaults) {
      names += (names.empty() ? "" : ", ") + code(field.name);
    }
  }
  return fmt::format(
      "\n## defaults\n\nFields of [monitors](#monitors) for all monitors that do not write them. "
      "These may stand here:\n{}.\n",
      names);
}

std::string assert_text() {
  return fmt::format("{}{}\n{}{}", kAssert, source_table(), comparison_table(),
                     fmt::format(kAssertMap, field_table(assertion_fields())));
}

std::string monitors_text() {
  return fmt::format("\n## monitors\n{}{}{}", kMonitors, field_table(monitor_fields()), kForEach) +
         std::string(kWay) + fmt::format("{}{}", kRequest, field_table(step_fields())) +
         fmt::format(kRequestParts, field_table(send_fields()), field_table(expect_fields())) +
         fmt::format("{}{}", kTls, field_table(tls_fields())) + assert_text() +
         fmt::format("{}{}", kRetry, field_table(retry_fields())) +
         fmt::format("{}{}", kAlert, field_table(alert_fields())) +
         section("### alert.locations",
                 "`any`, or one of these. `at_least` is not above the number of locations of the "
                 "monitor.",
                 quorum_fields()) +
         section("### alert.reminders", "", reminder_fields()) +
         section("### alert.escalate", "A list of steps, the earlier first.", escalation_fields());
}

std::string channels_text() {
  return fmt::format("{}{}{}{}", kChannels, field_table(channel_fields()), kChannelExample,
                     field_table(smtp_fields()));
}

std::string server_text() {
  return section("## server", "", server_fields()) +
         section("### retention", "", retention_fields()) +
         section("### reach", "", reach_fields()) + section("### dns", "", dns_fields()) +
         section(
             "### rate_limit",
             "Counted are a token, a session of a browser, and for whoever has neither the "
             "client's "
             "address (of IPv6 the /64). The local\nsocket, `/livez` and `/readyz` are free; an "
             "event stream is one request. What is too much is answered 429 with `Retry-After`, "
             "and\nall answers say in `RateLimit-Limit`, `RateLimit-Remaining` and "
             "`RateLimit-Reset` what is left.",
             rate_limit_fields());
}

std::string unavailable_text() {
  return fmt::format(
      "\n## Not available in this version\n\nThe words are known, and the reader refuses them "
      "with these messages:\n\n{}- there is no location other than `local`\n",
      unavailable_list());
}

}  // namespace

std::string reference_page() {
  return fmt::format("{}{}{}{}", kBeginning, files_text(), kReferences, kDurations) +
         section("## Top level", "", root_fields()) +
         section("## project",
                 "Monitors belong to a project. The id `ui` is taken by monitors made in the "
                 "browser.",
                 project_fields()) +
         defaults_text() + monitors_text() + fmt::format("{}{}", kPresets, preset_table()) +
         channels_text() + server_text() + unavailable_text();
}

}  // namespace tocsin
