#include "api/way_json.h"

namespace tocsin {
namespace {

void write_proxy(JsonWriter& json, const std::optional<ProxyFacts>& proxy) {
  json.key("proxy");
  if (!proxy) {
    json.null();
    return;
  }
  json.begin_object().key("address");
  if (proxy->address) {
    json.text(proxy->address->text());
  } else {
    json.null();
  }
  json.us_field("reached_us", proxy->reached).us_field("through_us", proxy->through);
  json.end_object();
}

}  // namespace

void write_addresses(JsonWriter& json, std::string_view name,
                     const std::vector<IpAddress>& addresses) {
  json.key(name).begin_list();
  for (const IpAddress& ip : addresses) {
    json.text(ip.text());
  }
  json.end_list();
}

void write_move(JsonWriter& json, const std::optional<AddressMove>& moved) {
  json.key("moved");
  if (!moved) {
    json.null();
    return;
  }
  json.begin_object();
  write_addresses(json, "from", moved->from);
  write_addresses(json, "to", moved->to);
  json.end_object();
}

void write_way(JsonWriter& json, const ProbeResult& result) {
  write_proxy(json, result.proxy);
  write_move(json, result.moved);
  json.count_field("addresses_probed", result.addresses_probed);
  json.count_field("addresses_left_out", result.addresses_left_out);
  json.key("failed_addresses").begin_list();
  for (const FailedAddress& failed : result.failed_addresses) {
    json.begin_object().field("address", failed.address.text());
    json.field("error", error_name(failed.code));
    json.us_field("response_time_us", failed.response_time).end_object();
  }
  json.end_list();
}

}  // namespace tocsin
