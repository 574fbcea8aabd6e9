#include "api/session_book.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "api/secret_text.h"
#include "notify/digest.h"

namespace tocsin {

std::string session_hash(std::string_view id) { return sha256_hex(id); }

std::string csrf_token_of(std::string_view id) {
  return base64url(hmac_sha256(id, "tocsin csrf token"));
}

SystemTime session_end(const SessionRow& row) {
  return std::min(row.last_used + kSessionIdle, row.created + kSessionLife);
}

void SessionBook::load(const std::vector<SessionRow>& rows) {
  sessions_.clear();
  used_.clear();
  apply(rows);
}

void SessionBook::apply(const std::vector<SessionRow>& rows) {
  for (const SessionRow& row : rows) {
    if (row.ended) {
      sessions_.erase(row.hash);
    } else {
      sessions_.insert_or_assign(row.hash, row);
    }
  }
}

template <class Condition>
std::vector<SessionRow> SessionBook::ending_if(Condition condition) const {
  std::vector<SessionRow> rows;
  for (const auto& [hash, row] : sessions_) {
    if (condition(row)) {
      rows.push_back(row);
      rows.back().ended = true;
    }
  }
  return rows;
}

std::vector<SessionRow> SessionBook::beginning(const SessionRow& row, SystemTime now) const {
  const auto is_over = [now](const SessionRow& one) { return now >= session_end(one); };
  std::vector<SessionRow> rows = ending_if(is_over);
  std::vector<std::pair<SystemTime, std::string>> own;
  for (const auto& [hash, one] : sessions_) {
    if (one.user == row.user && !is_over(one)) {
      own.emplace_back(one.last_used, hash);
    }
  }
  if (own.size() >= kSessionsPerUserMax) {
    std::ranges::move(ending(std::ranges::min(own).second), std::back_inserter(rows));
  }
  rows.push_back(row);
  return rows;
}

std::optional<SessionRow> SessionBook::use(const std::string& hash, SystemTime now) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end() || now >= session_end(found->second)) {
    return std::nullopt;
  }
  SessionRow& row = found->second;
  if (now >= row.last_used + kSessionUseEvery) {
    row.last_used = now;
    used_.push_back(row);
  }
  return row;
}

std::vector<SessionRow> SessionBook::take_used() { return std::exchange(used_, {}); }

std::vector<SessionRow> SessionBook::ending(const std::string& hash) const {
  return ending_if([&hash](const SessionRow& row) { return row.hash == hash; });
}

std::vector<SessionRow> SessionBook::ending_all_of(std::string_view user,
                                                   const std::string& but_not) const {
  return ending_if([&](const SessionRow& row) { return row.user == user && row.hash != but_not; });
}

}  // namespace tocsin
