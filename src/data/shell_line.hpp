#pragma once

#include <filesystem>
#include <string>

namespace latentgrid {

// What Python is to make of a file. In `expression`, `second`, `printed` and `imports` {in} stands for the file's name
// in quotes, and np for numpy.
struct PythonLine {
  std::filesystem::path in;
  std::string suffix;              // the new file is NAME_suffix.npy beside it, or NAME.npy
  std::string expression;          // of the array to save
  std::string imports = {};        // statements, each with its semicolon
  std::string second = {};         // of a second array, saved as NAME_others.npy
  std::string printed = {};        // an expression whose value is printed
};

// "run this, then use x_uint8.npy instead: python3 ...": a line for the shell that saves the array under a name that is
// free. Names that would need quotes of two languages are FILE. `condition`: "if the rows are in order, ".
std::string run_python(const PythonLine& line, const std::string& condition = "");

// What to say behind a line that numbers classes by their names and prints these.
constexpr const char* alphabetical =
    "; this numbers the classes in alphabetical order and prints them: list class_names in this order";

}  // namespace latentgrid
