#include "base/ask_server.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace latentgrid {

void ask_server(const std::filesystem::path& path) {
  const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe would wait for its writer
  if (opened >= 0) ::close(opened);
}

}  // namespace latentgrid
