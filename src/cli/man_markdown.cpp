// The little Markdown of our own pages (reference_page.cpp) as roff: headings, paragraphs, lists,
// fenced blocks, tables, `code` and [links](#where). Nothing else is understood, as nothing else is
// written there.
#include <fmt/format.h>

#include "cli/man_pages.h"
#include "cli/roff.h"

namespace tocsin::cli {
namespace {

// "`code`" in bold, "[words](#where)" as its words.
std::string inline_text(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t mark = text.find_first_of("`[");
    out += roff_text(text.substr(0, mark));
    if (mark == std::string_view::npos) {
      break;
    }
    text.remove_prefix(mark);
    const bool is_code = text.front() == '`';
    const size_t end = is_code ? text.find('`', 1) : text.find("](");
    const size_t close = is_code || end == std::string_view::npos ? end : text.find(')', end);
    if (close == std::string_view::npos) {
      out += roff_text(text.substr(0, 1));  // no more than a character
      text.remove_prefix(1);
      continue;
    }
    const std::string_view words = text.substr(1, end - 1);
    out += is_code ? roff_bold(words) : inline_text(words);
    text.remove_prefix(close + 1);
  }
  return out;
}

// The cells of "| a | b \\| c |".
std::vector<std::string> cells_of(std::string_view row) {
  std::vector<std::string> cells;
  std::string cell;
  for (size_t i = 1; i < row.size(); ++i) {
    if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
      cell += row[++i];
    } else if (row[i] == '|') {
      const size_t begin = cell.find_first_not_of(' ');
      cells.push_back(begin == std::string::npos
                          ? ""
                          : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
      cell.clear();
    } else {
      cell += row[i];
    }
  }
  return cells;
}

class Converter {
 public:
  void line(std::string_view text) {
    if (text.starts_with("```")) {
      fence();
    } else if (in_block_) {
      block_ += std::string(text) + "\n";
    } else if (text.starts_with("|")) {
      table_row(text);
    } else {
      head_.clear();
      prose(text);
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void fence() {
    if (in_block_) {
      out_ += roff_block(block_);
      block_.clear();
    }
    in_block_ = !in_block_;
    begins_paragraph_ = true;
  }

  void prose(std::string_view text) {
    if (text.empty() || text.starts_with("<!--") || text.starts_with("# ")) {
      begins_paragraph_ = true;  // the page has its name already
    } else if (text.starts_with("## ") || text.starts_with("### ")) {
      const bool is_sub = text[2] == '#';
      out_ += fmt::format(".{} {}\n", is_sub ? "SS" : "SH", roff_text(text.substr(is_sub ? 4 : 3)));
      begins_paragraph_ = false;  // a heading begins one
    } else if (text.starts_with("- ")) {
      out_ += ".IP \\(bu 2\n" + inline_text(text.substr(2)) + "\n";
      begins_paragraph_ = false;
    } else {
      out_ += begins_paragraph_ ? ".PP\n" : "";
      out_ += inline_text(text.substr(text.find_first_not_of(' '))) + "\n";
      begins_paragraph_ = false;
    }
  }

  // The first cell names the paragraph; the second follows as it is, the others with what their
  // column is called. "-" says nothing and is left out.
  void table_row(std::string_view text) {
    const std::vector<std::string> cells = cells_of(text);
    begins_paragraph_ = true;
    if (head_.empty()) {
      head_ = cells;
      return;
    }
    if (cells.empty() || cells.front().starts_with("--")) {
      return;
    }
    out_ += fmt::format(".TP\n{}\n", inline_text(cells.front()));
    std::string facts;
    for (size_t i = 1; i < cells.size() && i < head_.size(); ++i) {
      if (cells[i].empty() || cells[i] == "-") {
        continue;
      }
      if (i == 1) {
        out_ += inline_text(cells[i]) + "\n";
      } else {
        facts += fmt::format("{}{}: {}", facts.empty() ? "" : "; ", roff_text(head_[i]),
                             inline_text(cells[i]));
      }
    }
    out_ +=
        facts.empty() ? "" : (cells.size() > 1 && cells[1] != "-" ? ".br\n" : "") + facts + "\n";
  }

  std::string out_, block_;
  std::vector<std::string> head_;
  bool in_block_ = false;
  bool begins_paragraph_ = true;
};

}  // namespace

std::string man_from_markdown(std::string_view markdown) {
  Converter converter;
  std::string out = ".SH DESCRIPTION\n";
  while (!markdown.empty()) {
    const std::string_view line = markdown.substr(0, markdown.find('\n'));
    markdown.remove_prefix(std::min(markdown.size(), line.size() + 1));
    converter.line(line);
  }
  return out + converter.take();
}

}  // namespace tocsin::cli
