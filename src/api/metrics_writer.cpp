#include "api/metrics_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "base/bytes.h"

namespace tocsin {
namespace {

std::string_view type_name(MetricType type) {
  switch (type) {
    case MetricType::gauge:
      return "gauge";
    case MetricType::counter:
      return "counter";
    case MetricType::histogram:
      return "histogram";
  }
  return "gauge";
}

void append_escaped(std::string& out, std::string_view value, bool in_quotes) {
  for (const char c : is_valid_utf8(value) ? std::string(value) : to_valid_utf8(value)) {
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '"' && in_quotes) {
      out += "\\\"";
    } else {
      out += c;
    }
  }
}

std::string number_text(double value) {
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "+Inf" : "-Inf";
  }
  return fmt::format("{}", value);
}

}  // namespace

MetricsFormat metrics_format(std::string_view accept) {
  constexpr std::string_view kName = "application/openmetrics-text";
  const size_t at = accept.find(kName);
  if (at == std::string_view::npos) {
    return MetricsFormat::text;
  }
  const std::string_view rest = accept.substr(at + kName.size());
  const std::string_view parameters = rest.substr(0, rest.find(','));
  const bool is_refused = parameters.ends_with("q=0") || parameters.ends_with("q=0.0");
  return is_refused ? MetricsFormat::text : MetricsFormat::openmetrics;
}

std::string_view metrics_content_type(MetricsFormat format) {
  return format == MetricsFormat::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

void MetricsWriter::family(std::string_view name, MetricType type, std::string_view help) {
  name_ = name;
  type_ = type;
  const bool is_suffixed = type == MetricType::counter && format_ == MetricsFormat::text;
  const std::string shown = name_ + (is_suffixed ? "_total" : "");
  out_ += fmt::format("# HELP {} ", shown);
  append_escaped(out_, help, format_ == MetricsFormat::openmetrics);
  out_ += fmt::format("\n# TYPE {} {}\n", shown, type_name(type));
}

void MetricsWriter::sample(const Labels& labels, double value) {
  write_sample(type_ == MetricType::counter ? "_total" : "", labels, number_text(value));
}

void MetricsWriter::sample(const Labels& labels, uint64_t value) {
  write_sample(type_ == MetricType::counter ? "_total" : "", labels, fmt::to_string(value));
}

void MetricsWriter::bucket(double upper_bound, uint64_t cumulative) {
  std::string bound = number_text(upper_bound);
  // OpenMetrics compares bounds as text and wants "1.0"; readers of the old format know "1".
  if (format_ == MetricsFormat::openmetrics && bound.find_first_of(".eIN") == std::string::npos) {
    bound += ".0";
  }
  write_sample("_bucket", {{"le", bound}}, fmt::to_string(cumulative));
}

void MetricsWriter::end_histogram(double sum, uint64_t count) {
  bucket(std::numeric_limits<double>::infinity(), count);
  write_sample("_sum", {}, number_text(sum));
  write_sample("_count", {}, fmt::to_string(count));
}

void MetricsWriter::comment(std::string_view text) {
  if (format_ == MetricsFormat::text) {
    out_ += fmt::format("# {}\n", text);
  }
}

std::string MetricsWriter::take() {
  if (format_ == MetricsFormat::openmetrics) {
    out_ += "# EOF\n";
  }
  return std::move(out_);
}

void MetricsWriter::write_sample(std::string_view suffix, const Labels& labels,
                                 std::string_view value) {
  out_ += name_;
  out_ += suffix;
  char separator = '{';
  for (const auto& [label, text] : labels) {
    out_ += separator;
    out_ += label;
    out_ += "=\"";
    append_escaped(out_, text, true);
    out_ += '"';
    separator = ',';
  }
  if (separator == ',') {
    out_ += '}';
  }
  out_ += ' ';
  out_ += value;
  out_ += '\n';
}

}  // namespace tocsin
