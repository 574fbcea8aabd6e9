#include "model/pass_sentence.h"

#include <fmt/format.h>

namespace tocsin {
namespace {

std::string_view word_of(PassForm form) {
  switch (form) {
    case PassForm::connected:
      return "Connected";
    case PassForm::answered:
      return "Answered";
    case PassForm::other:
      break;
  }
  return {};
}

}  // namespace

std::string pass_sentence(PassForm form, Duration response_time) {
  const std::string_view word = word_of(form);
  return word.empty() ? std::string()
                      : fmt::format("{} in {}.", word, human_duration(response_time));
}

PassForm form_of_pass(std::string_view sentence, Duration response_time) {
  for (const PassForm form : {PassForm::connected, PassForm::answered}) {
    if (sentence.starts_with(word_of(form)) && sentence == pass_sentence(form, response_time)) {
      return form;
    }
  }
  return PassForm::other;
}

}  // namespace tocsin
