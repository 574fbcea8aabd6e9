tocsin_tests(notify_tests
  SOURCES
    src/notify/backoff_test.cpp
    src/notify/curl_mail_test.cpp
    src/notify/curl_reply_test.cpp
    src/notify/curl_sender_test.cpp
    src/notify/email/headers_test.cpp
    src/notify/email/payload_test.cpp
    src/notify/golden_test.cpp
    src/notify/notice_samples.cpp
    src/notify/notice_test.cpp
    src/notify/outbox_test.cpp
    src/notify/outcome_test.cpp
    src/notify/safe_text_test.cpp
    src/notify/signature_test.cpp
    src/notify/tiny_servers.cpp
    src/notify/webhook/payload_test.cpp
  DEPENDS tocsin_notify)
