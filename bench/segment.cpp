// bench_segment: bytes and nanoseconds per result of packed segments (store/segment.h), for fleets
// of made-up monitors: log-normal latencies on a base of 0.5 - 40 ms, a third with DNS, some with
// TLS or an answer, most on IPv4 addresses of their own.
#include "store/segment.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <vector>

#include "base/bytes.h"
#include "base/ids.h"
#include "model/plain_pass.h"

namespace {

using namespace tocsin;

constexpr SystemTime kStart{Duration(1'795'269'800'000'000)};

struct Fleet {
  const char* name;
  int64_t monitors;
  int64_t results;  // of each
  Duration interval;
  int64_t share;  // 10: a tenth of all monitors' results is in the segment
};

// As the product has them: random numbers.
MonitorUid uid_of(int64_t monitor) {
  return {static_cast<int64_t>(stable_hash(static_cast<uint64_t>(monitor)) >> 1)};
}

class Maker {
 public:
  std::vector<PlainPass> make(const Fleet& fleet) {
    std::vector<PlainPass> passes;
    for (int64_t monitor = 1; monitor <= fleet.monitors; ++monitor) {
      const PlainPass common = make_monitor(uid_of(monitor));
      const Duration phase(below(fleet.interval.count() / fleet.share));
      const double base = std::exp(uniform(std::log(500.0), std::log(40'000.0)));
      for (int64_t result = 0; result < fleet.results; ++result) {
        PlainPass& pass = passes.emplace_back(common);
        pass.slot = kStart + phase + (result * fleet.interval);
        measure(pass, base);
      }
    }
    std::ranges::sort(passes, {}, &PlainPass::slot);  // as they come
    return passes;
  }

 private:
  int64_t below(int64_t end) { return std::uniform_int_distribution<int64_t>(0, end - 1)(random_); }
  double uniform(double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random_);
  }
  uint32_t about(double middle, double spread) {
    return static_cast<uint32_t>(
        std::lognormal_distribution<double>(std::log(middle), spread)(random_));
  }

  PlainPass make_monitor(MonitorUid uid) {
    const uint16_t ports[] = {22, 25, 80, 443, 443, 443, 3306, 5432, 6379, 8080};
    PlainPass pass{.monitor = uid, .clock_epoch = 3};
    const bool is_v6 = below(10) == 0;
    pass.remote = is_v6 ? RemoteKind::v6 : RemoteKind::v4;
    for (size_t i = 0; i < (is_v6 ? 16U : 4U); ++i) {
      pass.ip[i] = static_cast<uint8_t>(below(256));
    }
    pass.port = ports[below(10)];
    pass.has = PlainPass::has_connect | PlainPass::has_rtt;
    pass.form = PassForm::connected;
    if (below(3) == 0) {
      pass.has |= PlainPass::has_dns;
      pass.flags |= PlainPass::dns_cached;
    }
    const int64_t kind = below(10);
    if (kind < 2) {
      pass.has |= PlainPass::has_tls;
    }
    if (kind == 2) {
      pass.has |= PlainPass::has_data;
      pass.form = PassForm::answered;
      pass.bytes_sent = 14;
      pass.bytes_received = static_cast<uint32_t>(20 + below(500));
    }
    return pass;
  }

  void measure(PlainPass& pass, double base) {
    pass.connect = about(base, 0.1) + 60;
    pass.kernel_rtt = pass.connect - about(45, 0.4);
    pass.dns = (pass.has & PlainPass::has_dns) != 0 ? about(8, 0.5) : 0;
    pass.tls = (pass.has & PlainPass::has_tls) != 0 ? about(2 * base, 0.15) + 900 : 0;
    pass.data = (pass.has & PlainPass::has_data) != 0 ? about(base, 0.15) + 100 : 0;
    pass.response = pass.dns + pass.connect + pass.tls + pass.data + about(12, 0.5);
    pass.delay = about(350, 0.7);
    pass.loop_lag = about(60, 0.7);
    pass.syn_retransmits = below(2000) == 0 ? 1 : 0;
    pass.drift = below(50) == 0 ? 1 : 0;
  }

  std::mt19937_64 random_{7};
};

double cpu_nanoseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (static_cast<double>(now.tv_sec) * 1e9) + static_cast<double>(now.tv_nsec);
}

// Of one call, the least CPU time of several: other work of the machine only ever adds.
template <class Work>
double nanoseconds(Work work) {
  double least = 1e18;
  for (int i = 0; i < 15; ++i) {
    const double begin = cpu_nanoseconds();
    work();
    least = std::min(least, cpu_nanoseconds() - begin);
  }
  return least;
}

void measure(const Fleet& fleet) {
  const std::vector<PlainPass> passes = Maker().make(fleet);
  const auto count = static_cast<double>(passes.size());
  std::string packed;
  const double packing = nanoseconds([&] { packed = pack_segment(passes); });
  constexpr int64_t kAsked = 100;  // monitors, all over the segment
  size_t found = 0;
  std::vector<PlainPass> out;
  const double one = nanoseconds([&] {
    for (int64_t i = 0; i < kAsked; ++i) {
      out.clear();
      const auto view = SegmentView::open(packed);
      const int64_t monitor = 1 + (i * fleet.monitors / kAsked);
      if (view && view->passes_of(uid_of(monitor), out)) {
        found += out.size();
      }
    }
  });
  const double opening = nanoseconds([&] {
    for (int64_t i = 0; i < kAsked; ++i) {
      found += SegmentView::open(packed)->count() == 0 ? 1U : 0U;
    }
  });
  const double all = nanoseconds([&] {
    const auto view = SegmentView::open(packed);
    const bool is_read =
        view->for_each(SystemTime::min(), SystemTime::max(),
                       [&](const auto& pass) { found += pass.response > 0 ? 1U : 0U; })
            .has_value();
    found += is_read ? 0U : 1U;
  });
  const double turning = nanoseconds([&] {
    for (size_t i = 0; i < 1000 && i < passes.size(); ++i) {
      found += plain_pass_of(attempt_of(passes[i])) ? 1U : 0U;
    }
  });
  std::printf(
      "%-44s %8zu bytes %6.2f B/result; pack %5.0f ns/result; open %6.0f ns; one monitor "
      "%6.0f ns; all %4.0f ns/result; attempt_of + plain_pass_of %4.0f ns (%zu)\n",
      fleet.name, packed.size(), static_cast<double>(packed.size()) / count, packing / count,
      opening / kAsked, one / kAsked, all / count,
      turning / static_cast<double>(std::min<size_t>(1000, passes.size())), found);
}

}  // namespace

int main() {
  const Fleet fleets[] = {
      {"10,000 monitors, one result each, 10 s", 10'000, 1, std::chrono::seconds(10), 1},
      {"1 s of 10,000 monitors each 10 s", 1'000, 1, std::chrono::seconds(10), 10},
      {"1 s of 10,000 monitors each 60 s", 167, 1, std::chrono::seconds(60), 60},
      {"10,000 monitors, 64 results each, 10 s", 10'000, 64, std::chrono::seconds(10), 1},
      {"1,000 monitors, 64 results each, 60 s", 1'000, 64, std::chrono::seconds(60), 1},
  };
  for (const Fleet& fleet : fleets) {
    measure(fleet);
  }
}
