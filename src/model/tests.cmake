tocsin_tests(model_tests
  SOURCES
    src/model/field_table_test.cpp
    src/model/monitor_test.cpp
    src/model/names_test.cpp
    src/model/plain_pass_test.cpp
    src/model/preset_test.cpp
    src/model/proxy_test.cpp
    src/model/target_test.cpp
  DEPENDS tocsin_model)
