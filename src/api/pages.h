// The web pages: files of a front-end build that the program carries inside itself, gzipped
// (cmake/embed_pages.cmake), served at / and /assets/*. A browser that shows a newer program's page
// never mixes it with an older one's parts: `/` is asked for again each time, and a file whose name
// holds a hash of its content never changes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/message.h"
#include "base/limits.h"

namespace tocsin {

// One file, unzipped; the build refuses a larger one, so nothing unzips to more.
inline constexpr size_t kPageBytesMax = 8_MiB;

struct EmbeddedPage {
  std::string_view path;  // "index.html", "assets/app-Ab12Cd34.js"
  std::string_view type;  // Content-Type
  std::string_view hash;  // of the content, for the ETag
  std::string_view gzip;
  size_t bytes = 0;  // unzipped
};

// What this program was built with; empty: without pages.
std::span<const EmbeddedPage> embedded_pages();

// The answer for one file; 404 for one that is not there.
ApiResponse page_answer(std::span<const EmbeddedPage> pages, std::string_view path,
                        const ApiRequest& request);
// The answer at /incidents/ID, where notices link to: a redirect to the page of that incident; 404
// when there are no pages.
ApiResponse incident_link_answer(std::span<const EmbeddedPage> pages, const ApiRequest& request);
// The answer at `/`: index.html, or a line of plain text when there are no pages.
ApiResponse root_answer(std::span<const EmbeddedPage> pages, const ApiRequest& request);

// --- parts, for their tests
// Whether a file may be kept for ever by its name: "-" or "." and eight characters of a hash (one
// of them a digit or capital) before its ending.
bool has_hashed_name(std::string_view path);
// As gzip; empty when there is no memory for it.
std::string zip(std::string_view content);
// Exactly `bytes` of content, or nothing when `gzip` is not that.
std::optional<std::string> unzip(std::string_view gzip, size_t bytes);

}  // namespace tocsin
