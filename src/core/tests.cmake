# The simulated peer of the dialogue's tests.
set(dialogue_tests)
foreach(source dialogue_reads_test.cpp dialogue_test.cpp dialogue_timeline.cpp stream_pattern_test.cpp)
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/core/${source})
    list(APPEND dialogue_tests src/core/${source})
  endif()
endforeach()

tocsin_tests(core_tests
  SOURCES
    src/core/advance_by_time_test.cpp
    src/core/advance_exhaustive_test.cpp
    src/core/advance_test.cpp
    src/core/alert_by_time_test.cpp
    src/core/alert_exhaustive_test.cpp
    src/core/alert_flapping_test.cpp
    src/core/alert_test.cpp
    src/core/assert_test.cpp
    src/core/assert_text_test.cpp
    src/core/clock_shift_test.cpp
    src/core/combine_test.cpp
    ${dialogue_tests}
    src/core/evaluate_test.cpp
    src/core/incident_test.cpp
    src/core/json_path_test.cpp
    src/core/number_text_test.cpp
    src/core/pattern_test.cpp
    src/core/plan_test.cpp
    src/core/quoted_text_test.cpp
    src/core/retry_test.cpp
    src/core/schedule_test.cpp
  DEPENDS tocsin_core)
