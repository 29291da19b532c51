#include <fmt/format.h>
#include <poll.h>

#include <thread>
#include <vector>

#include "base/cores.hpp"
#include "base/error.hpp"
#include "base/file_system_kind.hpp"
#include "base/hinted_error.hpp"
#include "base/json.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/worker_program.hpp"
#include "figure/drawing.hpp"
#include "pool/local_gpus.hpp"
#include "pool/pipe.hpp"

namespace latentgrid::cli {

namespace {

constexpr int seconds_for_an_answer = 60;

// Asks the worker program what is loaded: `latentgrid-worker --describe` prints one JSON object.
Json ask_worker() {
  Pipe worker({worker_program().string(), "--describe"}, "/dev/null");
  std::string answer;
  pollfd output{worker.descriptor(), POLLIN, 0};
  while (::poll(&output, 1, seconds_for_an_answer * 1000) > 0 && worker.read(answer)) {
  }
  Json json = Json::parse(answer, nullptr, false);
  if (json.is_object()) return json;
  worker.kill();
  throw Error(fmt::format("{} --describe gave no answer ({})\n  hint: start it by hand to see why", worker_program().string(),
                          worker.end().message));
}

enum class Verdict { ok, slow, missing, unsafe };

struct Finding {
  Verdict verdict = Verdict::ok;
  std::string what, how;
};

Finding judge_blas(const Json& environment) {
  const Json& blas = environment.at("blas");
  std::string library = blas.value("library", "none"), threading = blas.value("threading", "unknown");
  bool openblas = library.find("openblas") != std::string::npos;
  if (openblas && threading == "openmp") return {Verdict::ok, fmt::format("BLAS is OpenBLAS with OpenMP ({})", library), ""};
  if (openblas && threading == "pthreads") {
    return {Verdict::slow, fmt::format("BLAS is OpenBLAS with threads of its own ({}): they fight with LibTorch's", library),
            "apt-get install libopenblas0-openmp, then build again"};
  }
  if (library.find("mkl") != std::string::npos) return {Verdict::ok, fmt::format("BLAS is MKL ({})", library), ""};
  return {Verdict::slow, fmt::format("BLAS is {}: training is about four times slower than with OpenBLAS", library),
          "apt-get install libopenblas0-openmp, then build again"};
}

Finding judge_gpus(const Json& environment) {
  const int visible = visible_gpus();
  const Json gpus = environment.value("gpus", Json::array());
  if (environment.value("cuda", Json()).is_null())
    return {Verdict::ok, "LibTorch was built without CUDA, so device: cuda cannot be used", ""};
  if (visible > static_cast<int>(gpus.size())) {
    return {Verdict::slow,
            fmt::format("this machine has {} GPU{}, and LibTorch can use {}", visible, visible == 1 ? "" : "s",
                        gpus.size()),
            "install a driver that supports CUDA " + environment.value("cuda", "")};
  }
  if (gpus.empty()) return {Verdict::ok, "this machine has no NVIDIA GPU", ""};
  std::string names;
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    names += fmt::format("{}cuda:{} {} ({} MiB)", i == 0 ? "" : ", ", i, gpus[i].value("name", ""),
                         gpus[i].value("memory_mib", 0));
  }
  return {Verdict::ok, fmt::format("CUDA {}: {}", environment.value("cuda", ""), names), ""};
}

Finding judge_figures() {
  if (const auto problem = drawing_problem()) {
    return {Verdict::missing, "figures cannot be drawn: " + problem->what, problem->remedy};
  }
  return {Verdict::ok, fmt::format("figures are drawn in {}", figure_font), ""};
}

Finding judge_results(const Context& context) {
  try {
    const std::filesystem::path database = results_store(context).database();
    if (const auto shared = shared_database(database)) return {Verdict::unsafe, shared->what, shared->remedy};
    const std::string kind = file_system_kind(database).name;
    return {Verdict::ok, fmt::format("the database {} is on a file system of this machine{}", database.string(), kind.empty() ? "" : fmt::format(" ({})", kind)), ""};
  } catch (const Error& error) {
    const std::string text = text_with_hint(error);
    const std::size_t hint = text.find("\n  hint: ");
    return {Verdict::missing, text.substr(0, hint), hint == std::string::npos ? "" : text.substr(hint + 9)};
  }
}

std::vector<Finding> judge(const Json& environment) {
  std::vector<Finding> findings{judge_blas(environment)};
  std::string simd = environment.value("libtorch_simd", "unknown");
  bool wide = simd.find("AVX2") != std::string::npos || simd.find("AVX512") != std::string::npos;
  findings.push_back({wide ? Verdict::ok : Verdict::slow, fmt::format("SIMD level of LibTorch: {}", simd),
                      wide ? "" : "unset ATEN_CPU_CAPABILITY if it is set; otherwise the processor supports no more"});
  findings.push_back({Verdict::ok,
                      environment.value("winograd", Json(false)) != Json(false)
                          ? "3x3 convolutions: Winograd's algorithm"
                          : "3x3 convolutions: direct, as there are no Winograd kernels for this CPU",
                      ""});
  findings.push_back(judge_gpus(environment));
  findings.push_back(judge_figures());
  std::string build_type = LATENTGRID_BUILD_TYPE;
  if (build_type != "Release" && build_type != "RelWithDebInfo") {
    findings.push_back(
        {Verdict::slow, fmt::format("this build is of type {}", build_type), "build with cmake -DCMAKE_BUILD_TYPE=Release"});
  }
  return findings;
}

std::string cores_text() {
  const int usable = usable_cores(), all = static_cast<int>(std::thread::hardware_concurrency());
  if (usable >= all) return std::to_string(usable);
  return fmt::format("{} of {}: affinity or a control group allows no more", usable, all);
}

int run_doctor(const Context& context) {
  Json environment = ask_worker();
  std::vector<Finding> findings = judge(environment);
  findings.push_back(judge_results(context));
  if (context.format == Format::json) {
    Json list = Json::array();
    for (const Finding& f : findings) {
      list.push_back({{"slow", f.verdict == Verdict::slow}, {"missing", f.verdict == Verdict::missing}, {"unsafe", f.verdict == Verdict::unsafe}, {"what", f.what}, {"how_to_mend", f.how}});
    }
    fmt::print("{}\n", Json{{"latentgrid", build_version()}, {"worker", environment}, {"findings", list}}.dump());
    return 0;
  }
  fmt::print(
      "latentgrid {} ({})\nworker     {}\nLibTorch   {}\ncores      {}; a task uses 1 thread unless train.threads says "
      "more\n",
      build_version(), git_commit(), worker_program().string(), environment.value("libtorch", "?"), cores_text());
  for (const Finding& f : findings) {
    static constexpr const char* words[] = {"ok:  ", "slow:", "missing:", "unsafe:"};
    fmt::print("{} {}\n", words[static_cast<int>(f.verdict)], f.what);
    if (!f.how.empty()) fmt::print("      {}\n", f.how);
  }
  return 0;
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("doctor", "Check what is slow or missing on this machine, and say what to do about it");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([&context] { context.action = [&context] { return run_doctor(context); }; });
}

}  // namespace latentgrid::cli
