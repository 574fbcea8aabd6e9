// MetricsWriter: the Prometheus text format 0.0.4 and OpenMetrics 1.0, which differ in the names of
// counters and in the end mark. Families are written one after the other: family(), then its
// samples.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin {

enum class MetricsFormat : uint8_t { text, openmetrics };
// OpenMetrics when the Accept header names it, unless with q=0.
MetricsFormat metrics_format(std::string_view accept);
std::string_view metrics_content_type(MetricsFormat format);

enum class MetricType : uint8_t { gauge, counter, histogram };

class MetricsWriter {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  explicit MetricsWriter(MetricsFormat format) : format_(format) {}

  // `name` without "_total"; counters get it on their samples.
  void family(std::string_view name, MetricType type, std::string_view help);
  void sample(const Labels& labels, double value);
  void sample(const Labels& labels, uint64_t value);
  // The samples of a histogram: its buckets by growing bound, then how much all was.
  void bucket(double upper_bound, uint64_t cumulative);
  void end_histogram(double sum, uint64_t count);  // with the bucket +Inf
  // A line that scrapers skip. OpenMetrics knows none: left out there.
  void comment(std::string_view text);
  [[nodiscard]] std::string take();

 private:
  void write_sample(std::string_view suffix, const Labels& labels, std::string_view value);

  MetricsFormat format_;
  std::string name_;
  MetricType type_ = MetricType::gauge;
  std::string out_;
};

}  // namespace tocsin
