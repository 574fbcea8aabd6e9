tocsin_tests(store_tests
  SOURCES
    src/store/commit_queue_test.cpp
    src/store/crash_test.cpp
    src/store/faulty_disk.cpp
    src/store/faulty_disk_test.cpp
    src/store/fixtures.cpp
    src/store/held_test.cpp
    src/store/histogram_test.cpp
    src/store/json_test.cpp
    src/store/keeper_test.cpp
    src/store/retention_test.cpp
    src/store/sqlite_store_test.cpp
    src/store/store_suite.cpp
    src/store/store_suite_reading.cpp
  DEPENDS tocsin_store)
