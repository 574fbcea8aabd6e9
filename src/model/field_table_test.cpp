#include "model/field_table.h"

#include <gtest/gtest.h>

#include <set>

#include "model/monitor.h"

namespace tocsin {
namespace {

// What a page or a message takes from the table must be there.
TEST(FieldTable, EveryFieldIsNamedOnceAndExplained) {
  for (const auto fields : {monitor_fields(), retry_fields(), alert_fields(), tls_fields()}) {
    std::set<std::string_view> names;
    for (const Field& field : fields) {
      EXPECT_TRUE(names.insert(field.name).second) << field.name;
      EXPECT_TRUE(field.help.ends_with('.')) << field.name;
      EXPECT_FALSE(field.example.empty()) << field.name;
      EXPECT_EQ(field.type == FieldType::choice, !field.choices.empty()) << field.name;
      EXPECT_LE(field.min, field.max) << field.name;
      EXPECT_EQ(find_field(fields, field.name), &field);
    }
  }
  EXPECT_EQ(find_field(monitor_fields(), "intervall"), nullptr);
}

std::string default_of(std::span<const Field> fields, std::string_view name) {
  return std::string(find_field(fields, name)->default_text);
}

// The table says what the value types do; one of them changing alone would be a lie in the docs.
TEST(FieldTable, DefaultsAreThoseOfTheModel) {
  const Monitor monitor;
  EXPECT_EQ(default_of(monitor_fields(), "timeout"), duration_text(monitor.timeout));
  EXPECT_EQ(parse_duration(default_of(monitor_fields(), "interval")), monitor.interval);
  EXPECT_EQ(default_of(monitor_fields(), "ip_family"), ip_family_name(monitor.ip_family));
  EXPECT_EQ(default_of(monitor_fields(), "expect"), expectation_name(monitor.expect));
  EXPECT_EQ(default_of(monitor_fields(), "strategy"), strategy_name(monitor.strategy));
  EXPECT_EQ(default_of(monitor_fields(), "close"), close_mode_name(monitor.close));
  EXPECT_EQ(default_of(monitor_fields(), "enabled"), monitor.enabled ? "true" : "false");
  EXPECT_EQ(default_of(retry_fields(), "strategy"), retry_strategy_name(monitor.retry.strategy));
  EXPECT_EQ(parse_duration(default_of(retry_fields(), "base")), monitor.retry.base);
  EXPECT_EQ(parse_duration(default_of(retry_fields(), "total")), monitor.retry.total);
  EXPECT_EQ(default_of(retry_fields(), "max"), std::to_string(monitor.retry.max));
  EXPECT_EQ(default_of(alert_fields(), "after_runs"), std::to_string(monitor.alert.after_runs));
  EXPECT_EQ(default_of(tls_fields(), "mode"), tls_mode_name(monitor.tls.mode));
  EXPECT_EQ(default_of(tls_fields(), "verify"), monitor.tls.verify ? "true" : "false");
}

}  // namespace
}  // namespace tocsin
