tocsin_tests(engine_tests
  SOURCES
    src/engine/clock_reading_test.cpp
    src/engine/feeding_test.cpp
    src/engine/closed_notes_test.cpp
    src/engine/canary_ports_test.cpp
    src/engine/interval_stretch_test.cpp
    src/engine/loop_mailbox_test.cpp
    src/engine/due_queue_test.cpp
    src/engine/monitor_table_test.cpp
    src/engine/parts_test.cpp
    src/engine/self_watch_test.cpp
    src/engine/state_cell_test.cpp
    src/engine/store_watch_test.cpp
    src/engine/turn_pace_test.cpp
  DEPENDS tocsin_engine)
