#include "base/holder.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

std::string new_holder_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

std::string to_text(const Holder& holder) {
  const Json json = {{"process", to_json(holder.process)}, {"run", holder.run}, {"since", holder.since}, {"id", holder.id}};
  return beat_line({holder.beats, 0}) + json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::optional<Holder> read_holder(const std::filesystem::path& file) {
  try {
    const std::string text = read_file(file);
    const std::size_t line = text.find('\n');
    if (line == std::string::npos) return std::nullopt;
    const Json json = Json::parse(text.substr(line + 1));
    return Holder{process_from_json(json.at("process")), json.at("run"), json.at("since"), json.at("id"), std::stoll(text)};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string in_words(const Holder& holder) {
  return fmt::format("process {} on {} since {}", holder.process.pid, holder.process.host, holder.since);
}

Life life_of(const Holder& holder, const ProcessIdentity& here, bool locks_say_free) {
  if (holder.beats == 0) return Life::dead;
  const Life life = life_of(holder.process, here);
  const bool of_this_machine = holder.process.boot.empty() || holder.process.boot == here.boot || holder.process.host == here.host;
  return life == Life::unknown && locks_say_free && of_this_machine ? Life::dead : life;
}

SignsOfLife::SignsOfLife(int file, Terms terms, FileSystem& files) : file_(file), terms_(std::move(terms)), files_(files) {
  sigset_t all, before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);  // signals are for the threads that were there
  thread_ = std::thread([this] { run(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

SignsOfLife::~SignsOfLife() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  end_.notify_all();
  thread_.join();
  write(0);
  ::close(file_);
}

void SignsOfLife::run() {
  const auto interval = std::chrono::duration<double>(terms_.seconds_between);
  std::unique_lock lock(mutex_);
  while (!end_.wait_for(lock, interval, [&] { return ending_; })) {
    if (terms_.is_held && !terms_.is_held()) {
      lock.unlock();
      if (terms_.lost) terms_.lost();
      return;
    }
    write(++number_);
  }
}

// One that can't be written is followed by the next.
void SignsOfLife::write(std::int64_t number) {
  const std::string line = beat_line({number, 0});
  if (::lseek(file_, 0, SEEK_SET) != 0) return;
  if (files_.write(file_, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && terms_.sync) files_.sync(file_);
}

}  // namespace latentgrid
