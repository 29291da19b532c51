#include "launch/launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

bool is_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::isalpha(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; });
}

// Of several records of a worker the first one counts.
auto order_of(const ListedWorker& worker) {
  constexpr int liveliness[] = {2, 0, 1, 3};  // pending, running, ending, ended
  return std::make_tuple(std::cref(worker.name), worker.index, liveliness[static_cast<int>(worker.state)],
                         -worker.since);
}

}  // namespace

void check_request(const WorkerRequest& request) {
  if (!is_name(request.name)) {
    throw Error(fmt::format(
        "'{}' can't be the name of a job: a letter, then at most 63 letters, digits, '.', '_' and '-'", request.name));
  }
  if (request.argv.empty() || request.first < 0 || request.count < 1 ||
      request.resources.cpus < 0) {
    throw Error(fmt::format("a request for workers '{}' has no program or a negative number", request.name));
  }
  if (!request.log.is_absolute() || !fs::is_directory(request.log.parent_path())) {
    throw Error(fmt::format("the folder of the workers' logs, {}, does not exist", request.log.parent_path().string()));
  }
}

std::string why(const ListedWorker& worker) {
  return worker.meaning.empty() ? worker.reason : fmt::format("{}: {}", worker.reason, worker.meaning);
}

std::string kind_of_reason(const ListedWorker& worker) {
  if (!worker.meaning.empty()) return worker.meaning;
  std::string text = worker.reason.substr(0, worker.reason.find(','));
  std::erase_if(text, [](unsigned char c) { return std::isdigit(c); });
  return text;
}

std::vector<ListedWorker> liveliest(std::vector<ListedWorker> workers) {
  std::stable_sort(workers.begin(), workers.end(),
                   [](const ListedWorker& a, const ListedWorker& b) { return order_of(a) < order_of(b); });
  const auto same = [](const ListedWorker& a, const ListedWorker& b) { return a.name == b.name && a.index == b.index; };
  workers.erase(std::unique(workers.begin(), workers.end(), same), workers.end());
  return workers;
}

}  // namespace latentgrid
