#include "run/run_view.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "base/duration_text.hpp"

namespace latentgrid {

namespace {

constexpr double seconds_between_redraws = 0.1;
constexpr double seconds_between_lines = 60;
constexpr double seconds_worth_a_line = 1;
constexpr double seconds_between_quick_lines = 1;

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

}  // namespace

void RunView::line(const std::string& text) {
  if (!quiet_) problem(text);
}

void RunView::problem(const std::string& text) {
  if (drawn_) fmt::print(out_, "\r\033[K");
  drawn_ = false;
  fmt::print(out_, "{}\n", text);
  std::fflush(out_);
}

void RunView::started(int task, const std::string& label) { running_[task] = {label, ""}; }

void RunView::progress(int task, std::int64_t done, std::int64_t total, const Json& metrics) {
  auto found = running_.find(task);
  if (found == running_.end()) return;
  std::string state = total > 0 ? fmt::format(" {} %", 100 * done / total) : "";
  if (metrics.is_object() && metrics.contains("loss") && metrics["loss"].is_number()) {
    state += fmt::format(" loss {:.4g}", metrics["loss"].get<double>());
  }
  found->second.state = state;
}

void RunView::ended(int task) { running_.erase(task); }

void RunView::finished(const std::string& label, double seconds, double now, const RunCounts& counts) {
  if (seconds >= seconds_worth_a_line) {
    if (held_back_ > 0) say_held_back(now);  // they were done before it
    return line(fmt::format("[{}/{}] {}", counts.done, counts.total, label));
  }
  ++held_back_;
  last_label_ = label;
  last_counts_ = counts;
  if (now - last_quick_ >= seconds_between_quick_lines) say_held_back(now);
}

void RunView::say_held_back(double now) {
  std::string more = held_back_ > 1 ? fmt::format(" (and {} more)", held_back_ - 1) : "";
  line(fmt::format("[{}/{}] {}{}", last_counts_.done, last_counts_.total, last_label_, more));
  held_back_ = 0;
  last_quick_ = now;
}

std::string RunView::status_text(const RunCounts& counts, double eta_s) const {
  std::string text = fmt::format("[{}/{}]", counts.done, counts.total);
  if (counts.failed > 0) text += fmt::format(" {} failed", counts.failed);
  if (eta_s >= 0) text += fmt::format(" ETA {}", duration_text(std::ceil(eta_s)));
  const char* separator = "  ";
  for (const auto& [task, running] : running_) {
    text += separator + running.label + running.state;
    separator = " · ";
  }
  return text;
}

double RunView::seconds_between_refreshes() const { return terminal_ ? seconds_between_redraws : seconds_between_lines; }

bool RunView::is_due(double now) const {
  return (held_back_ > 0 && now - last_quick_ >= seconds_between_quick_lines) || (!quiet_ && now - last_ >= seconds_between_refreshes());
}

void RunView::refresh(double now, const RunCounts& counts, double eta_s) {
  if (held_back_ > 0 && now - last_quick_ >= seconds_between_quick_lines) say_held_back(now);
  if (quiet_ || now - last_ < seconds_between_refreshes()) return;
  bool first = last_ < 0 && !terminal_;
  last_ = now;
  if (first) return;  // a plain log needs no line before anything happened
  std::string text = status_text(counts, eta_s);
  if (!terminal_) return line(text);
  // Cut by bytes except inside a UTF-8 sequence: a wrapped line could not be redrawn.
  std::size_t width = terminal_width() - 1;
  if (text.size() > width) {
    while (width > 0 && (text[width] & 0xC0) == 0x80) --width;
    text.resize(width);
  }
  fmt::print(out_, "\r\033[K{}", text);
  std::fflush(out_);
  drawn_ = true;
}

void RunView::finish() {
  if (drawn_) fmt::print(out_, "\r\033[K");
  drawn_ = false;
  if (held_back_ > 0) say_held_back(last_quick_);
  std::fflush(out_);
}

}  // namespace latentgrid
