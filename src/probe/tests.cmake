set(resolver_tests)
foreach(name cares_resolver dns_cache hosts_file)
  if(EXISTS ${CMAKE_SOURCE_DIR}/src/probe/${name}_test.cpp)
    list(APPEND resolver_tests src/probe/${name}_test.cpp)
  endif()
endforeach()

tocsin_tests(probe_tests
  SOURCES
    src/probe/address_race_test.cpp
    src/probe/certificate_facts_test.cpp
    src/probe/epoll_io_test.cpp
    src/probe/errno_map_test.cpp
    src/probe/prober_test.cpp
    src/probe/prober_timing_test.cpp
    src/probe/test_certificates.cpp
    src/probe/test_server.cpp
    src/probe/timer_wheel_test.cpp
    src/probe/tls_session_test.cpp
    ${resolver_tests}
  DEPENDS tocsin_probe)
