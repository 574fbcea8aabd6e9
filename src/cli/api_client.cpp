#include "cli/api_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <memory>

#include "api/url.h"
#include "base/limits.h"

namespace tocsin::cli {
namespace {

constexpr size_t kReplyBytesMax = 64_MiB;  // a page of 1,000 monitors takes about 1 MiB
constexpr long kConnectTimeMs = 5'000;
constexpr long kWholeTimeMs = 180'000;  // a probe for the caller may take 120 s

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

size_t take_body(char* bytes, size_t size, size_t count, void* body) {
  auto* text = static_cast<std::string*>(body);
  if (text->size() + size * count > kReplyBytesMax) {
    return 0;  // libcurl ends the transfer
  }
  text->append(bytes, size * count);
  return size * count;
}

bool add_header(Headers& headers, const std::string& line) {
  curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
  if (longer == nullptr) {
    return false;
  }
  [[maybe_unused]] curl_slist* const part_of_longer = headers.release();
  headers.reset(longer);
  return true;
}

// libcurl speaks of "localhost port 80" even when it was told a socket, so where the system said
// why, that is what we say.
std::string reason_of(CURL* handle, CURLcode code, const char* curl_says) {
  long system_error = 0;
  curl_easy_getinfo(handle, CURLINFO_OS_ERRNO, &system_error);
  if (code == CURLE_COULDNT_CONNECT && system_error != 0) {
    return std::strerror(static_cast<int>(system_error));
  }
  return *curl_says != '\0' ? curl_says : curl_easy_strerror(code);
}

}  // namespace

std::string query_escape(std::string_view text) { return percent_encode(text); }

Result<ApiReply> ApiClient::call(std::string_view method, const std::string& path,
                                 const std::string& body) const {
  const Handle curl(curl_easy_init(), &curl_easy_cleanup);
  Headers headers(nullptr, &curl_slist_free_all);
  bool ready = curl != nullptr && add_header(headers, "Accept: application/json");
  if (!server_.token.empty()) {
    ready = ready && add_header(headers, "Authorization: Bearer " + server_.token);
  }
  if (!body.empty()) {
    ready = ready && add_header(headers, "Content-Type: application/json");
  }
  if (!ready) {
    return fail(ErrorKind::io, "libcurl could not be started.");
  }
  ApiReply reply;
  std::array<char, CURL_ERROR_SIZE> why{};
  CURL* const handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, (server_.url + path).c_str());
  curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, std::string(method).c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeMs);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, kWholeTimeMs);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &reply.body);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, why.data());
  if (!server_.socket.empty()) {
    curl_easy_setopt(handle, CURLOPT_UNIX_SOCKET_PATH, server_.socket.c_str());
  }
  if (!body.empty()) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, body.data());
  }
  if (const CURLcode code = curl_easy_perform(handle); code != CURLE_OK) {
    return fail(ErrorKind::unavailable, fmt::format("no server answers at {}: {}", server_.text(),
                                                    reason_of(handle, code, why.data())));
  }
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &reply.status);
  const char* type = nullptr;
  curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
  reply.content_type = type == nullptr ? "" : type;
  return reply;
}

}  // namespace tocsin::cli
