#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "figure/canvas.hpp"

namespace latentgrid {

// gnuplot (Debian's gnuplot-nox), started without a shell, a settings file of the user's or a locale.

// Whether there is a program `gnuplot` on the PATH.
bool gnuplot_is_there();

// A file of raw bytes beside a script.
struct ScriptFile {
  std::string name, bytes;
};

struct GnuplotScript {
  std::string text;
  std::vector<ScriptFile> files;  // pixels of images
};

// Draws the page three times, into figure.png, figure.svg and figure.pdf of the current folder. Texts stand in the
// script as quoted strings, everything else as numbers.
GnuplotScript gnuplot_script(const Canvas& canvas);

struct DrawnPage {
  std::string png, svg, pdf;  // the files' bytes, the same ones for the same page
};

// One process for all three. Throws Error if gnuplot is not installed (and says how to get it) or fails (with what it
// wrote to its standard error). Thread-safe.
DrawnPage run_gnuplot(const GnuplotScript& script);

}  // namespace latentgrid
