tocsin_tests(serve_tests
  SOURCES
    apps/tocsin/data_directory_test.cpp
    apps/tocsin/journal_stream_test.cpp
    apps/tocsin/log_test.cpp
    apps/tocsin/notify_systemd_test.cpp
    apps/tocsin/watchdog_test.cpp
  DEPENDS tocsin_serve)
tocsin_tests(demo_tests
  SOURCES
    apps/demo/demo_config_test.cpp
  DEPENDS tocsin_demo_parts tocsin_config)
