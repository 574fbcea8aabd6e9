#include "api/accept.h"

#include <gtest/gtest.h>

namespace tocsin {
namespace {

// Whoever does not care, or takes everything, gets JSON; whoever names a form gets it.
TEST(ListForm, IsWhatTheClientNames) {
  struct Case {
    std::string_view accept;
    ListForm form;
  };
  for (const Case& one : {
           Case{"", ListForm::json},
           Case{"*/*", ListForm::json},
           Case{"text/html,application/xhtml+xml,*/*;q=0.8", ListForm::json},
           Case{"text/csv", ListForm::csv},
           Case{"TEXT/CSV; charset=utf-8", ListForm::csv},
           Case{"application/x-ndjson, */*", ListForm::ndjson},
           Case{"text/csv;q=0.5, application/x-ndjson;q=0.6", ListForm::ndjson},
           Case{"text/csv, application/json", ListForm::json},
           Case{"application/json;q=0.1, text/csv;q=0.2", ListForm::csv},
           Case{"text/csv;q=0", ListForm::json},
           Case{"text/csv;q=many", ListForm::json},
           Case{"text/csvx", ListForm::json},
           Case{",;,;q=,", ListForm::json},
       }) {
    EXPECT_EQ(list_form(one.accept), one.form) << one.accept;
  }
}

}  // namespace
}  // namespace tocsin
