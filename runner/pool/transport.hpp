#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latentgrid {

// The way to one worker and back, as bytes; what they mean is the session's. Nothing blocks but end(). The destructor ends
// the worker.
class Transport {
 public:
  virtual ~Transport() = default;

  // Lost where the worker is gone, which read() tells.
  virtual void write_line(const std::string& line) = 0;
  virtual void write_lines(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) write_line(line);
  }

  // Appends what has come, if anything has. False once the worker has ended and all that it said was read.
  virtual bool read(std::string& buffer) = 0;

  // poll() finds it readable when read() has news; -1: there is none, read() must be called now and then.
  virtual int descriptor() const = 0;

  struct End {
    std::string kind;     // of a WorkerLost
    std::string message;  // "exit code 3"
    bool unread = false;  // it has not seen the last line that was written
    int signal = 0;       // that has ended it, where that is known
    bool killed_by_others = false;  // by SIGKILL, as the system does when memory runs out
  };
  virtual End end() = 0;  // after read() returned false

  // Where the worker is, if not beside us: "on n2 (Slurm job 4711_3)".
  virtual std::string where() const { return ""; }

  virtual std::int64_t resident_kb() const = 0;  // memory that the worker has; 0: not known
};

}  // namespace latentgrid
