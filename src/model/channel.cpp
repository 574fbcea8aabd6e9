#include "model/channel.h"

#include <tuple>

#include "model/name_table.h"

namespace tocsin {
namespace {

constexpr std::array kTypes = {NamedValue{ChannelType::webhook, "webhook"},
                               NamedValue{ChannelType::email, "email"}};
constexpr std::array kSecurities = {NamedValue{SmtpSecurity::none, "none"},
                                    NamedValue{SmtpSecurity::starttls, "starttls"},
                                    NamedValue{SmtpSecurity::tls, "tls"}};

auto definition(const Channel& c) {
  return std::tie(c.id, c.name, c.type, c.send, c.url, c.secret, c.headers, c.to, c.from, c.smtp);
}

}  // namespace

std::string_view channel_type_name(ChannelType type) { return name_in(kTypes, type); }
std::optional<ChannelType> channel_type_from_name(std::string_view name) {
  return value_in(kTypes, name);
}
std::string_view smtp_security_name(SmtpSecurity security) {
  return name_in(kSecurities, security);
}
std::optional<SmtpSecurity> smtp_security_from_name(std::string_view name) {
  return value_in(kSecurities, name);
}

bool is_of_ui(const Channel& channel) { return channel.project == kUiProject; }
bool same_definition(const Channel& a, const Channel& b) { return definition(a) == definition(b); }

}  // namespace tocsin
