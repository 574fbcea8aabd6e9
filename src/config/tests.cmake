tocsin_tests(config_tests
  SOURCES
    src/config/channel_writer_test.cpp
    src/config/config_files_test.cpp
    src/config/config_golden_test.cpp
    src/config/config_reader_test.cpp
    src/config/excerpt_test.cpp
    src/config/monitor_writer_test.cpp
    src/config/parity_test.cpp
    src/config/reference_page_test.cpp
    src/config/reference_test.cpp
    src/config/request_text_test.cpp
    src/config/schema_test.cpp
    src/config/way_reader_test.cpp
    src/config/written_value_test.cpp
    src/config/yaml_tree_test.cpp
  DEPENDS tocsin_config)
