// What a group of one step takes is what a later step sends, however the network cut the answer.
#include <gtest/gtest.h>

#include "base/limits.h"
#include "core/dialogue_timeline.h"
#include "core/send_text.h"

namespace tocsin {
namespace {

using namespace timeline;

Step say(const std::string& text) {
  SendStep step;
  EXPECT_TRUE(add_send_text(text, step));
  return step;
}

Played told_in_pieces(const Monitor& monitor, const std::string& bytes, size_t piece) {
  std::vector<Event> events;
  for (size_t from = 0; from < bytes.size(); from += piece) {
    events.push_back(at(1ms * static_cast<int>(1 + from)).says(bytes.substr(from, piece)));
  }
  return play(monitor, events);
}

// A POP3 server's challenge goes back to it; named groups live on, numbers are the newest step's.
TEST(DialogueCaptures, AreSentLater) {
  const Monitor pop =
      monitor({expect_regex("^\\+OK .*<(?P<stamp>[^>]+)>"), say("APOP tocsin {{stamp}}\\r\\n"),
               expect_regex("^\\+OK (\\w+) (\\w+)"), say("{{2}}-{{1}}-{{stamp}}")});
  const Played played =
      play(pop, {at(1ms).says("+OK hi <1.2@x>\r\n"), at(2ms).says("+OK a b\r\n")});
  EXPECT_EQ(played.text(), "done at 2ms, used 2ms");
  EXPECT_EQ(played.sent, "APOP tocsin 1.2@x\r\n|b-a-1.2@x|");
}

// A greedy group takes all it can, in one piece or byte by byte: the step waits for what ends it.
TEST(DialogueCaptures, AreWholeHoweverTheyCame) {
  const Monitor number = monitor({expect_regex("id=(\\d+)"), say("{{1}}"), expect("ok")});
  for (const size_t piece : {1U, 2U, 3U, 100U}) {
    const Played played = told_in_pieces(number, "id=12345\r\nok", piece);
    EXPECT_EQ(played.sent, "12345|") << piece;
    EXPECT_FALSE(played.error) << piece;
  }
}

// A pattern that ends by itself is not waited for: nobody says anything more.
TEST(DialogueCaptures, DoNotWaitForWhatCannotGrow) {
  const Monitor line = monitor({expect_regex("id=(\\d+)\\r\\n"), say("{{1}}"), expect("ok")});
  const Played played = play(line, {at(1ms).says("id=7\r\n"), at(20ms).says("ok")});
  EXPECT_EQ(played.text(), "done at 20ms, used 20ms");
  EXPECT_EQ(played.sent, "7|");
}

// Without an end the answer's quiet is the end. The second that this takes is ours.
TEST(DialogueCaptures, EndWithTheAnswer) {
  const Monitor number = monitor({expect_regex("id=(\\d+)"), say("{{1}}"), expect("ok")});
  const Played played = play(number, {at(1ms).says("id=7"), at(1500ms).says("ok")});
  EXPECT_EQ(played.sent, "7|");
  EXPECT_EQ(played.text(), "done at 1s500ms, used 500ms");
}

// What could not be captured cannot be sent: the step fails and says why.
TEST(DialogueCaptures, ThatAreNotThereFailTheStep) {
  const Monitor optional =
      monitor({expect_regex("^220(-(\\w+))?\\r\\n"), say("{{2}}"), expect("x")});
  const Played none = play(optional, {at(1ms).says("220\r\n")});
  ASSERT_TRUE(none.error);
  EXPECT_EQ(none.error->code, ErrorCode::expect_mismatch);
  EXPECT_EQ(none.error->detail,
            "step 2 cannot be sent: the group 2 took no part in what step 1 found");
  const Monitor any = monitor({expect_regex("<([^>]*)>"), say("{{1}}"), expect("x")});
  const Played large =
      play(any, {at(1ms).says("<" + std::string(kCaptureBytesMax + 1, 'y') + ">")});
  ASSERT_TRUE(large.error);
  EXPECT_EQ(large.error->detail,
            "the group 1 of step 1 took 4097 bytes; at most 4096 are possible");
}

// An open end is looked for only so far: a hostile answer must not keep us searching.
TEST(DialogueCaptures, EndSomewhere) {
  const Monitor number = monitor({expect_regex("id=(\\d+)"), say("{{1}}"), expect("x")});
  const Played fits = play(number, {at(1ms).says("id=" + std::string(1000, '7') + ".")});
  EXPECT_EQ(fits.sent.size(), 1001U);
  const Played endless = play(number, {at(1ms).says("id=" + std::string(5000, '7'))});
  ASSERT_TRUE(endless.error);
  EXPECT_EQ(endless.error->detail,
            "/id=(\\d+)/ (step 1) goes on for too long to be captured; say in it what ends it");
}

// The text form: what is read is written again, and a plain {{ can be said.
TEST(SendText, ReadsBack) {
  for (const char* text : {"PING\\r\\n", "{{a}}", "x{{1}}{{b_2}}y", "\\{{a}}", "{a}",
                           "\\{\\{\\{{{a}}", "\\\\{{a}}", "a{", "\\{{{1}}", "}}"}) {
    SendStep step;
    ASSERT_TRUE(add_send_text(text, step)) << text;
    SendStep again;
    ASSERT_TRUE(add_send_text(send_text(step), again)) << send_text(step);
    EXPECT_EQ(again, step) << text << " became " << send_text(step);
  }
  SendStep plain;
  ASSERT_TRUE(add_send_text("\\{{a}}", plain));
  EXPECT_EQ(plain.bytes, "{{a}}");
  EXPECT_TRUE(plain.captures.empty());
  for (const char* wrong : {"{{", "{{a", "{{}}", "{{a b}}", "\\q"}) {
    SendStep step;
    EXPECT_FALSE(add_send_text(wrong, step)) << wrong;
  }
}

}  // namespace
}  // namespace tocsin
