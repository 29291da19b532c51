#include "base/access.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "base/file_system.hpp"
#include "base/input_file.hpp"
#include "base/output_file.hpp"
#include "base/text_file.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::TemporaryFolder;

// What `work` throws where it runs as a user who is not root.
template <typename Work>
std::string said_to_another_user(const TemporaryFolder& folder, Work work) {
  int pipe[2];
  if (::pipe(pipe) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    if (::getuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(99);
    std::string text = "no error";
    try {
      work();
    } catch (const Error& error) {
      text = text_with_hint(error);
    }
    ::_exit(::write(pipe[1], text.data(), text.size()) < 0);
  }
  ::close(pipe[1]);
  std::string text(4096, '\0');
  const ssize_t n = ::read(pipe[0], text.data(), text.size());
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  for (std::size_t at; (at = text.find(folder.path().string())) != std::string::npos;)
    text.replace(at, folder.path().string().size(), "TMP");
  return text;
}

TEST(Access, SaysWhatIsClosedAndWhoCanOpenIt) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can act as another user";
  TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0755);
  write_file(folder / "file", "a");
  ::chmod((folder / "file").c_str(), 0600);
  std::filesystem::create_directory(folder / "closed");
  write_file(folder / "closed" / "file", "a");
  ::chmod((folder / "closed").c_str(), 0700);
  const std::string file =
      "you have no permission to read TMP/file\n  hint: ask root, who owns TMP/file, for permission";
  EXPECT_EQ(said_to_another_user(folder, [&] { InputFile(folder / "file"); }), file);
  EXPECT_EQ(said_to_another_user(folder, [&] { read_text_file(folder / "file"); }), file);
  EXPECT_EQ(said_to_another_user(folder, [&] { read_file(folder / "file"); }), file);
  EXPECT_EQ(said_to_another_user(folder, [&] { MappedFile mapped(folder / "file"); }), file);
  EXPECT_EQ(said_to_another_user(folder, [&] { InputFile(folder / "closed" / "file"); }),
            "you have no permission to read TMP/closed/file: the folder TMP/closed is closed to you\n"
            "  hint: ask root, who owns TMP/closed, for permission");
  EXPECT_EQ(said_to_another_user(folder, [&] { write_output(folder / "new", "a"); }),
            "you have no permission to write TMP/new: no file can be made in the folder TMP\n"
            "  hint: choose another place, or ask root, who owns TMP, for permission");
  EXPECT_EQ(said_to_another_user(folder, [&] { make_output_folder(folder / "a" / "b"); }),
            "you have no permission to write TMP/a/b: no file can be made in the folder TMP\n"
            "  hint: choose another place, or ask root, who owns TMP, for permission");
  // The file may be written, but it is replaced by a new one.
  write_file(folder / "open to all", "a");
  ::chmod((folder / "open to all").c_str(), 0666);
  EXPECT_EQ(said_to_another_user(folder, [&] { write_output(folder / "open to all", "b"); }),
            "you have no permission to write TMP/open to all: no file can be made in the folder TMP\n"
            "  hint: choose another place, or ask root, who owns TMP, for permission");
  ::chmod(folder.path().c_str(), 0777);
  EXPECT_EQ(said_to_another_user(folder,
                                 [&] {
                                   write_file(folder / "own", "a");
                                   ::chmod((folder / "own").c_str(), 0);
                                   InputFile(folder / "own");
                                 }),
            "you have no permission to read TMP/own\n  hint: allow it, as it is yours: chmod u+r 'TMP/own'");
}

// What becomes a part of another sentence, or of a record, has no line for people in it.
TEST(Access, TheSentenceHasNoHintInIt) {
  const HintedError error("you have no permission to read x", "ask root");
  EXPECT_STREQ(error.what(), "you have no permission to read x");
  EXPECT_EQ(text_with_hint(error), "you have no permission to read x\n  hint: ask root");
  EXPECT_EQ(text_with_hint(Error("no file")), "no file");
}

TEST(Access, OtherFailuresAreSaidAsTheSystemCallsThem) {
  const HintedError error = access_error("/no/such", Access::read, ENOENT);
  EXPECT_EQ(std::string(error.what()), "cannot read /no/such: No such file or directory");
  EXPECT_EQ(error.hint(), "");
  EXPECT_EQ(text_with_hint(access_error("/x", Access::write, EROFS)),
            "/x cannot be written: its file system is read-only\n  hint: choose another place");
}

}  // namespace
}  // namespace latentgrid
