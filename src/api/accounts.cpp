#include "api/accounts.h"

#include <utility>

namespace tocsin {

void Accounts::load(const std::vector<UserRow>& rows) {
  for (const UserRow& row : rows) {
    put(row);
  }
}

const UserRow* Accounts::find(const std::string& name) const {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : &found->second;
}

void Accounts::put(UserRow row) {
  setup.close();
  std::string name = row.name;
  users_.insert_or_assign(std::move(name), std::move(row));
}

}  // namespace tocsin
