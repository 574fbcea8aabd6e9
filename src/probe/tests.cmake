tocsin_tests(probe_tests
  SOURCES
    src/probe/address_race_test.cpp
    src/probe/admission_test.cpp
    src/probe/destination_load_test.cpp
    src/probe/cares_resolver_canary_test.cpp
    src/probe/cares_resolver_down_test.cpp
    src/probe/cares_resolver_test.cpp
    src/probe/certificate_facts_test.cpp
    src/probe/dns_cache_test.cpp
    src/probe/dns_message_test.cpp
    src/probe/dns_name_test.cpp
    src/probe/errno_map_test.cpp
    src/probe/hosts_file_test.cpp
    src/probe/own_delay_test.cpp
    src/probe/own_ports_test.cpp
    src/probe/probe_io_choice_test.cpp
    src/probe/probe_io_reuse_test.cpp
    src/probe/probe_io_test.cpp
    src/probe/prober_each_address_test.cpp
    src/probe/prober_names_test.cpp
    src/probe/prober_phases_test.cpp
    src/probe/prober_route_test.cpp
    src/probe/prober_slots_test.cpp
    src/probe/prober_standstill_test.cpp
    src/probe/prober_test.cpp
    src/probe/prober_timing_test.cpp
    src/probe/proxy_talk_test.cpp
    src/probe/prober_way_test.cpp
    src/probe/resolver_health_test.cpp
    src/probe/resolver_pool_test.cpp
    src/probe/route_message_test.cpp
    src/probe/slot_pages_test.cpp
    src/probe/slot_stack_test.cpp
    src/probe/starttls_test.cpp
    src/probe/test_certificates.cpp
    src/probe/test_dns_server.cpp
    src/probe/test_server.cpp
    src/probe/test_tls_server.cpp
    src/probe/timer_wheel_test.cpp
  DEPENDS tocsin_probe)

# TLS: a program of its own, as its handshakes run on other threads (scripts/test).
tocsin_tests(probe_tls_tests
  SOURCES
    src/probe/ocsp_staple_test.cpp
    src/probe/prober_tls_test.cpp
    src/probe/test_certificates.cpp
    src/probe/test_server.cpp
    src/probe/test_tls_server.cpp
    src/probe/tls_session_book_test.cpp
    src/probe/tls_session_test.cpp
  DEPENDS tocsin_probe)

# What is allocated is counted: a program of its own.
tocsin_tests(probe_footprint_tests
  SOURCES
    src/probe/check_footprint_test.cpp
  DEPENDS tocsin_check_footprint)
