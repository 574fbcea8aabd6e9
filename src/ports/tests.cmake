tocsin_tests(ports_tests
  SOURCES
    src/ports/reach_test.cpp
  DEPENDS tocsin_ports)
