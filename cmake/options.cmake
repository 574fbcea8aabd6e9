# Compiler settings that every target of ours takes, and the two functions that declare a layer and its tests.

add_library(project_options INTERFACE)
target_compile_options(project_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -pthread -fstack-protector-strong $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2> -D_GLIBCXX_ASSERTIONS)
target_link_options(project_options INTERFACE -Wl,-z,relro,-z,now)
# What is shipped is the same wherever it was built: messages and debug information name files from the top of the source.
target_compile_options(project_options INTERFACE $<$<CONFIG:Release>:-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=>)
# g++ 12 warns about fields left out of designated initializers; a default member value is what we mean there.
target_compile_options(project_options INTERFACE -Wno-missing-field-initializers)
# g++ 12 takes the backing array of an initializer list for uninitialized when it inlines a constexpr constructor at -O2; clang 19's
# analysis and the sanitizers see the real ones.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_options INTERFACE -Wno-maybe-uninitialized)
endif()
if(TOCSIN_FUZZ)
  target_compile_options(project_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(TOCSIN_SANITIZE)
  target_compile_options(project_options INTERFACE -fsanitize=${TOCSIN_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(project_options INTERFACE -fsanitize=${TOCSIN_SANITIZE})
endif()
target_include_directories(project_options INTERFACE ${CMAKE_SOURCE_DIR}/src)

# The program that is shipped is optimized as a whole: a check passes through many small functions of several layers (ADR 23).
# Objects of the layers hold both, machine code and what the whole is optimized from. A program is linked from the first, which is
# quick and enough for a test, unless its property WHOLE_PROGRAM is set.
add_library(layer_options INTERFACE)
if(TOCSIN_WHOLE_PROGRAM AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_BUILD_TYPE STREQUAL "Release")
  # The last: else the assembler writes the folder of the build into them, which no prefix map reaches.
  target_compile_options(layer_options INTERFACE -flto=auto -ffat-lto-objects -gno-as-loc-support)
  set(as_a_whole -flto=auto -gno-as-loc-support -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
  target_link_options(project_options INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:WHOLE_PROGRAM>>,${as_a_whole},-fno-lto>")
endif()

# What a test says is compiled once and run once: time spent on optimizing it is lost. The layers that it calls are compiled as they are shipped.
add_library(test_options INTERFACE)
target_compile_options(test_options INTERFACE -O0 -U_FORTIFY_SOURCE)

# Headers that most units read are read once. clang-tidy, which looks at the program and not at its tests, reads every header in its place
# (preset tidy), so an include that a unit of the program forgot is found there.
if(TOCSIN_PRECOMPILE)
  set(standard_headers <algorithm> <array> <chrono> <cstdint> <expected> <filesystem> <fstream> <functional> <map> <memory> <optional>
    <set> <span> <string> <string_view> <utility> <variant> <vector>)
  file(WRITE ${CMAKE_BINARY_DIR}/precompiled/nothing.cpp "")
  add_library(precompiled_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled/nothing.cpp)
  target_link_libraries(precompiled_headers PRIVATE project_options layer_options fmt::fmt)
  target_precompile_headers(precompiled_headers PRIVATE ${standard_headers} <fmt/format.h>)
  if(TOCSIN_TESTS)
    add_library(precompiled_test_headers OBJECT ${CMAKE_BINARY_DIR}/precompiled/nothing.cpp)
    target_link_libraries(precompiled_test_headers PRIVATE project_options test_options fmt::fmt GTest::gtest_main GTest::gmock
      nlohmann_json::nlohmann_json)
    target_precompile_headers(precompiled_test_headers PRIVATE ${standard_headers} <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h>
      <nlohmann/json.hpp>)
  endif()
endif()

# tocsin_layer(NAME SOURCES a.cpp ... DEPENDS lower_layer ...): one static library per folder of src/. The DEPENDS list is the
# arrow table of ARCHITECTURE.md again; tests/layers checks every #include against it.
function(tocsin_layer name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  if(arg_SOURCES)
    add_library(tocsin_${name} STATIC ${arg_SOURCES})
    target_link_libraries(tocsin_${name} PUBLIC project_options PRIVATE layer_options)
    if(TARGET precompiled_headers)
      target_precompile_headers(tocsin_${name} REUSE_FROM precompiled_headers)
    endif()
  else()
    add_library(tocsin_${name} INTERFACE)
    target_link_libraries(tocsin_${name} INTERFACE project_options)
  endif()
  foreach(lower ${arg_DEPENDS})
    if(arg_SOURCES)
      target_link_libraries(tocsin_${name} PUBLIC ${lower})
    else()
      target_link_libraries(tocsin_${name} INTERFACE ${lower})
    endif()
  endforeach()
endfunction()

# tocsin_tests(NAME SOURCES a_test.cpp ... DEPENDS lib ...): one test program; each GoogleTest case is a ctest case.
function(tocsin_tests name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE project_options test_options ${arg_DEPENDS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE TOCSIN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(TARGET precompiled_test_headers)
    target_precompile_headers(${name} REUSE_FROM precompiled_test_headers)
  endif()
  # The names of the rows, not their bytes: a value without a printer is shown as memory.
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()
