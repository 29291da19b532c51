#pragma once

#include <optional>
#include <string>

namespace latentgrid {

// The first call of a main(), before anything opens a file or starts a thread:
//   - descriptors 0 to 2 that are closed become /dev/null, so that no file of ours gets their numbers;
//   - what goes to stderr and cannot be written (the terminal is gone, the log's disk is full) is dropped: messages for
//     people end no work. stderr becomes a stream without a descriptor: ask isatty(STDERR_FILENO);
//   - a write beyond the limit of file sizes (ulimit -f) is an error, not a signal.
void prepare_standard_streams();

// Throws std::system_error if what was printed cannot be written.
void flush_stdout();

// The last call of a main(): writes what stdout still holds. Returns why something of all that was written to stdout is
// lost, or nothing.
std::optional<std::string> finish_stdout();

}  // namespace latentgrid
