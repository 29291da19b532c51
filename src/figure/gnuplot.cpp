#include "figure/gnuplot.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/error.hpp"
#include "base/file_system.hpp"

extern char** environ;

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr const char* not_there =
    "figures cannot be drawn: there is no program gnuplot on the PATH\n  hint: apt-get install gnuplot-nox";

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    fs::path parent = fs::temp_directory_path(error);
    if (error) throw Error(fmt::format("no folder for temporary files: {}", error.message()));
    std::string name = (parent / "latentgrid-figure.XXXXXX").string();
    if (!::mkdtemp(name.data())) {
      throw Error(fmt::format("cannot create a folder in {}: {}", parent.string(), std::strerror(errno)));
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The user's, but for what changes gnuplot's ways.
std::vector<std::string> environment() {
  std::vector<std::string> kept;
  for (char** entry = environ; *entry; ++entry) {
    std::string_view variable = *entry;
    bool dropped = variable.starts_with("LC_") || variable.starts_with("LANG") || variable.starts_with("GNUPLOT_") ||
                   variable.starts_with("GNUTERM=") || variable.starts_with("GDFONTPATH=");
    if (!dropped) kept.emplace_back(variable);
  }
  kept.emplace_back("LC_ALL=C.UTF-8");
  return kept;
}

class SpawnSettings {
 public:
  explicit SpawnSettings(const fs::path& folder) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, (folder / "errors").c_str(), O_WRONLY | O_CREAT, 0644);
    ::posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// Waits for that program, started in that folder. How it ended: "" for success.
std::string run_in(const fs::path& folder, std::vector<std::string> arguments, const char* not_installed) {
  SpawnSettings settings(folder);
  const std::string program = arguments[0];
  std::vector<std::string> variables = environment();
  pid_t pid = -1;
  int error = ::posix_spawnp(&pid, program.c_str(), settings.actions(), settings.attributes(), pointers(arguments).data(),
                             pointers(variables).data());
  if (error == ENOENT) throw Error(not_installed);
  if (error != 0) throw Error(fmt::format("cannot start {}: {}", program, std::strerror(error)));
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw Error(fmt::format("cannot wait for {}: {}", program, std::strerror(errno)));
  }
  if (WIFSIGNALED(status)) return fmt::format("was killed by signal {}", WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

std::string last_of(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  while (!text.empty() && (text.front() == '\n' || text.front() == ' ')) text.erase(0, 1);
  constexpr std::size_t most = 2000;
  return text.size() > most ? "..." + text.substr(text.size() - most) : text;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

constexpr std::string_view date_key = "/CreationDate (D:";

// cairo 1.18 and later compress the object with the date; qpdf writes every object out.
std::string with_plain_objects(const fs::path& folder, std::string pdf) {
  if (pdf.find(date_key) != std::string::npos) return pdf;
  const std::string end = run_in(folder, {"qpdf", "--object-streams=disable", "--static-id", "figure.pdf", "plain.pdf"},
                                 "figures cannot be drawn: there is no program qpdf on the PATH\n  hint: apt-get install qpdf");
  if (!end.empty()) throw Error(fmt::format("qpdf {}: {}", end, last_of(read_file(folder / "errors"))));
  return read_file(folder / "plain.pdf");
}

// pdfcairo writes the time of day. Digits for digits: offsets in the cross-reference table stay right.
void fix_pdf_date(std::string& pdf) {
  constexpr std::string_view date = "20000101000000";
  std::size_t at = pdf.find(date_key);
  if (at == std::string::npos) return;
  at += date_key.size();
  for (std::size_t i = 0; i < date.size() && at + i < pdf.size() && pdf[at + i] >= '0' && pdf[at + i] <= '9'; ++i) {
    pdf[at + i] = date[i];
  }
}

// gnuplot's svg terminal joins lines of one color into a path or doesn't, as uninitialised memory has it: every line
// gets a path of its own, on one line of the file.
std::string with_a_path_a_line(const std::string& svg) {
  static constexpr std::string_view opening = "<path stroke=", data = " d='", closing = "'/>";
  std::string out;
  std::size_t at = 0;
  for (std::size_t path; (path = svg.find(opening, at)) != std::string::npos;) {
    const std::size_t begin = svg.find(data, path), end = svg.find(closing, begin);
    if (begin == std::string::npos || end == std::string::npos) break;
    out.append(svg, at, path - at);
    const std::string attributes = svg.substr(path, begin + data.size() - path);
    bool first = true;
    for (std::size_t move = begin + data.size(); move < end;) {
      const std::size_t next = std::min(svg.find('M', move + 1), end);
      std::string line = svg.substr(move, next - move);
      std::replace_if(
          line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
      line.erase(std::unique(line.begin(), line.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
                 line.end());
      while (!line.empty() && line.back() == ' ') line.pop_back();
      out += fmt::format("{}{}{}{}", first ? "" : "\t", attributes, line, closing);
      first = false;
      move = next;
    }
    at = end + closing.size();
  }
  return out.append(svg, at);
}

// gnuplot's svg terminal takes "DejaVu Sans:Bold" for the name of a font, and browsers would blur pixels.
void mend_svg(std::string& svg) {
  replace_all(svg, R"(font-family="DejaVu Sans:Bold")",
              R"(font-family="DejaVu Sans, Verdana, sans-serif" font-weight="bold")");
  replace_all(svg, R"(font-family="DejaVu Sans")", R"(font-family="DejaVu Sans, Verdana, sans-serif")");
  replace_all(svg, "<image ", "<image style='image-rendering:pixelated' ");
  svg = with_a_path_a_line(svg);
}

}  // namespace

bool gnuplot_is_there() {
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "/bin:/usr/bin";
  for (bool more = true; more;) {
    std::size_t colon = rest.find(':');
    fs::path folder = rest.substr(0, colon);
    if (::access((folder / "gnuplot").c_str(), X_OK) == 0) return true;
    more = colon != std::string_view::npos;
    if (more) rest.remove_prefix(colon + 1);
  }
  return false;
}

DrawnPage run_gnuplot(const GnuplotScript& script) {
  if (!gnuplot_is_there()) throw Error(not_there);
  TemporaryFolder folder;
  write_file(folder.path() / "script", script.text);
  for (const ScriptFile& file : script.files) write_file(folder.path() / file.name, file.bytes);
  std::string end = run_in(folder.path(), {"gnuplot", "--default-settings", "script"}, not_there);
  auto produced = [&](const char* name, std::string_view magic) {
    fs::path file = folder.path() / name;
    std::string bytes = end.empty() && fs::exists(file) ? read_file(file) : "";
    if (bytes.starts_with(magic)) return bytes;
    fs::path errors = folder.path() / "errors";
    std::string said = fs::exists(errors) ? last_of(read_file(errors)) : "";
    throw Error(fmt::format("gnuplot {}{}", end.empty() ? fmt::format("wrote no {}", name) : end,
                            said.empty() ? "" : ": " + said));
  };
  DrawnPage page{produced("figure.png", "\x89PNG"), produced("figure.svg", "<?xml"), produced("figure.pdf", "%PDF")};
  mend_svg(page.svg);
  page.pdf = with_plain_objects(folder.path(), std::move(page.pdf));
  fix_pdf_date(page.pdf);
  return page;
}

}  // namespace latentgrid
