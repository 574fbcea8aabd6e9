#include "store/monitor_secrets.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "store/json.h"

namespace tocsin {
namespace {

// Before the base64 of what is sealed. Do not change it: it is on disk.
constexpr std::string_view kSealed = "sealed:";

constexpr size_t kNamedMax = 10;  // monitors in one message

bool has_password(const Monitor& monitor) {
  return monitor.proxy && !monitor.proxy->password.empty();
}

Result<void> open_password(Monitor& monitor, const SecretBox& box) {
  const std::string_view text = monitor.proxy->password.reveal();
  if (!text.starts_with(kSealed)) {
    return fail(ErrorKind::corrupt, "what is stored is not sealed");
  }
  const Result<std::string> sealed = from_base64(text.substr(kSealed.size()));
  if (!sealed) {
    return std::unexpected(sealed.error());
  }
  Result<std::string> password = box.open(*sealed);
  if (!password) {
    return std::unexpected(password.error());
  }
  monitor.proxy->password = Secret(std::move(*password));
  return {};
}

}  // namespace

Result<std::string> sealed_definition(sqlite::Database& database, const Monitor& monitor,
                                      MonitorUid uid, SecretBox& box) {
  if (!has_password(monitor)) {
    return to_json(monitor);
  }
  // Another key than the one that is gone would lock the others in for ever.
  const auto others = database.number(
      "SELECT (SELECT count(*) FROM channels WHERE length(secrets) > 1) + (SELECT count(*) FROM "
      "monitors WHERE uid <> ? AND definition LIKE '%\"password\":\"sealed:%')",
      {uid.value});
  if (!others) {
    return std::unexpected(others.error());
  }
  const Result<std::string> sealed =
      box.seal(monitor.proxy->password.reveal(),
               others->value_or(0) == 0 ? SecretBox::NoKey::make : SecretBox::NoKey::refuse);
  if (!sealed) {
    return std::unexpected(sealed.error());
  }
  Monitor written = monitor;
  written.proxy->password = Secret(fmt::format("{}{}", kSealed, to_base64(*sealed)));
  return to_json(written);
}

void ClosedPasswords::open(Monitor& monitor, const SecretBox& box) {
  if (!has_password(monitor)) {
    return;
  }
  if (const Result<void> opened = open_password(monitor, box); !opened) {
    why_ = opened.error().message;
    if (++count_ <= kNamedMax) {
      monitors_.push_back(monitor.id);
    }
  }
}

void ClosedPasswords::add(ClosedPasswords&& others) {
  if (others.count_ == 0) {
    return;
  }
  const size_t room = kNamedMax - std::min(kNamedMax, monitors_.size());
  others.monitors_.resize(std::min(others.monitors_.size(), room));
  std::ranges::move(others.monitors_, std::back_inserter(monitors_));
  why_ = std::move(others.why_);
  count_ += others.count_;
}

Result<void> ClosedPasswords::result() const {
  if (count_ == 0) {
    return {};
  }
  std::string names = fmt::format("{}", fmt::join(monitors_, ", "));
  if (count_ > kNamedMax) {
    names += fmt::format(", {} more", count_ - kNamedMax);
  }
  return fail(ErrorKind::conflict,
              fmt::format("the passwords of the proxies of {} cannot be read ({}): {}. Put the "
                          "right key back in its place. If it is lost, start once with "
                          "--forget-secrets and enter them again",
                          count_ == 1 ? "a monitor" : "monitors", names, why_));
}

Result<void> forget_lost_passwords(sqlite::Database& database, const SecretBox& box) {
  std::vector<std::pair<int64_t, Monitor>> lost;
  Result<void> done = sqlite::for_each_row(
      database.query("SELECT uid, definition FROM monitors WHERE definition LIKE "
                     "'%\"password\":\"sealed:%'"),
      [&](const sqlite::Rows& row) -> Result<void> {
        Result<Monitor> monitor = monitor_from_json(row.text(1));
        if (!monitor) {
          return std::unexpected(monitor.error());
        }
        Monitor opened = *monitor;
        if (has_password(opened) && !open_password(opened, box)) {
          monitor->proxy->password = Secret();
          lost.emplace_back(row.integer(0), std::move(*monitor));
        }
        return {};
      });
  for (const auto& [uid, monitor] : lost) {
    if (done) {
      done =
          database.run("UPDATE monitors SET definition = ? WHERE uid = ?", {to_json(monitor), uid});
    }
  }
  return done;
}

}  // namespace tocsin
