tocsin_tests(engine_tests
  SOURCES src/engine/parts_test.cpp
  DEPENDS tocsin_engine)
