#include "model/reach_role.h"

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kRoles = {NamedValue{ReachRole::operator_files, "operator_files"},
                               NamedValue{ReachRole::admin_api, "admin_api"},
                               NamedValue{ReachRole::editor_api, "editor_api"}};

}  // namespace

std::string_view reach_role_name(ReachRole role) { return name_in(kRoles, role); }
std::optional<ReachRole> reach_role_from_name(std::string_view name) {
  return value_in(kRoles, name);
}

}  // namespace tocsin
