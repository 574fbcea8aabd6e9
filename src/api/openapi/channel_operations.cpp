#include "api/openapi/operations.h"

namespace tocsin {
namespace {

constexpr std::string_view kTag = "Channels";
constexpr std::string_view kJson = "application/json";

Operation change(std::string_view method, std::string_view id, std::string_view summary,
                 std::string_view help, std::string_view body) {
  return {
      .method = method,
      .path = "/api/v1/channels/{id}",
      .id = id,
      .tag = kTag,
      .summary = summary,
      .help = help,
      .body = body,
      .is_merge_patch = method == "PATCH",
      .headers = {"If-Match"},
      .answers = {{200, "Channel", "The channel as it is now.", kJson, {"ETag"}}},
      .problems = {"not_found", "owned_by_project", "revision_differs", "conflict", "disk_full"}};
}

}  // namespace

std::vector<Operation> channel_operations() {
  return {
      {.method = "GET",
       .path = "/api/v1/channels",
       .id = "listChannels",
       .tag = kTag,
       .summary = "List channels",
       .answers = {{200, "ChannelList", "All; secrets are not shown."}}},
      {.method = "POST",
       .path = "/api/v1/channels",
       .id = "createChannel",
       .tag = kTag,
       .summary = "Create a channel",
       .body = "NewChannel",
       .answers = {{201, "Channel", "Made.", kJson, {"ETag", "Location"}}},
       .problems = {"id_taken", "too_many_channels", "conflict", "disk_full"}},
      {.method = "GET",
       .path = "/api/v1/channels/{id}",
       .id = "getChannel",
       .tag = kTag,
       .summary = "Read a channel",
       .answers = {{200, "Channel", "The channel; secrets are not shown.", kJson, {"ETag"}}},
       .problems = {"not_found"}},
      change("PUT", "replaceChannel", "Replace a channel's definition",
             "The body is the whole definition, secrets too.", "ChannelDefinition"),
      change("PATCH", "changeChannel", "Change parts of a channel's definition",
             "A merge patch. Secrets that are left out are kept, unless the channel would go to "
             "another place: then they are needed again.",
             "ChannelPatch"),
      {.method = "DELETE",
       .path = "/api/v1/channels/{id}",
       .id = "deleteChannel",
       .tag = kTag,
       .summary = "Remove a channel",
       .help = "Not while monitors name it, and not while notices wait for it, unless they are "
               "given up: each is then dead, with that reason.",
       .headers = {"If-Match"},
       .answers = {{204, "", "It is removed."}},
       .problems = {"not_found", "owned_by_project", "revision_differs", "in_use",
                    "notices_waiting", "conflict", "disk_full"}},
      {.method = "POST",
       .path = "/api/v1/channels/{id}/test",
       .id = "testChannel",
       .tag = kTag,
       .summary = "Send a test message through a channel",
       .help = "At once and once; nothing is stored.",
       .body = "Empty",
       .answers = {{200, "ChannelTrial", "What came of it."}},
       .problems = {"not_found", "conflict", "too_many_tests"}},
      {.method = "POST",
       .path = "/api/v1/channels/preview",
       .id = "previewChannel",
       .tag = kTag,
       .summary = "What a channel would send",
       .body = "PreviewRequest",
       .answers = {{200, "MailPreview or WebhookPreview", "From sample facts."}}},
  };
}

}  // namespace tocsin
