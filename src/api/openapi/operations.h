// What the document says of each route beside what the route table says itself (path, scope, names
// of query parameters). One row a route, in the file of its resource; a route without a row, or a
// row without a route, fails a test.
#pragma once

#include <string_view>
#include <vector>

namespace tocsin {

// An answer that is no problem.
struct PlainAnswer {
  int status = 200;
  std::string_view type;  // as in schema.h; empty: no body
  std::string_view help;
  std::string_view media = "application/json";
  std::vector<std::string_view> headers = {};  // of header_parameters.cpp
};

struct StreamEvent {
  std::string_view name, type, help;
};

struct Operation {
  std::string_view method, path;
  std::string_view id;   // operationId
  std::string_view tag;  // of document.cpp
  std::string_view summary;
  std::string_view help = {};
  std::string_view body = {};  // schema of the request; empty: none is read
  bool is_merge_patch = false;
  std::vector<std::string_view> headers = {};  // that it reads: "If-Match"
  std::vector<PlainAnswer> answers;
  // Codes of its own; those that every route of its kind has are added (problem_codes.h).
  std::vector<std::string_view> problems = {};
  std::vector<StreamEvent> events = {};  // of text/event-stream
};

std::vector<Operation> monitor_operations();
std::vector<Operation> history_operations();
std::vector<Operation> account_operations();
std::vector<Operation> server_operations();
std::vector<Operation> channel_operations();

}  // namespace tocsin
