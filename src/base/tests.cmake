tocsin_tests(base_tests
  SOURCES
    src/base/address_test.cpp
    src/base/boxed_test.cpp
    src/base/bytes_test.cpp
    src/base/error_code_test.cpp
    src/base/ids_test.cpp
    src/base/json_test.cpp
    src/base/letter_case_test.cpp
    src/base/time_test.cpp
  DEPENDS tocsin_base)
