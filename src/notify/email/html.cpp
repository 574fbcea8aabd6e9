#include "notify/email/html.h"

#include <fmt/format.h>

#include "notify/notice_lines.h"

namespace tocsin {
namespace {

std::string_view colour(const NoticeFacts& facts) {
  switch (facts.event.type) {
    case EventType::recovered:
      return "#1a7f37";
    case EventType::test:
      return "#0969da";
    case EventType::degraded:
    case EventType::flapping:
    case EventType::location_unknown:
      return "#9a6700";
    default:
      return "#b42318";
  }
}

std::string value_html(const NoticeLine& line) {
  const std::string value = html_escape(line.value);
  return line.is_link ? fmt::format("<a href=\"{}\">{}</a>", value, value) : value;
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string notice_html(const NoticeFacts& facts) {
  std::string html = fmt::format(
      "<!doctype html>\n<html><body style=\"font-family:sans-serif\">\n"
      "<p style=\"font-size:120%\"><strong style=\"color:{}\">{}</strong></p>\n",
      colour(facts), html_escape(notice_title(facts)));
  for (const std::string& sentence : notice_sentences(facts)) {
    html += fmt::format("<p>{}</p>\n", html_escape(sentence));
  }
  html += "<table>\n";
  for (const NoticeLine& line : notice_lines(facts)) {
    html += fmt::format("<tr><th align=\"left\" valign=\"top\">{}</th><td>{}</td></tr>\n",
                        html_escape(line.label), value_html(line));
  }
  html += "</table>\n</body></html>\n";
  return html;
}

}  // namespace tocsin
