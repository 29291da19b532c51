// page_fixture CONTENT.json PAGE.html: the page of a content, as `latentgrid report` writes it.
#include <fmt/format.h>

#include <fstream>

#include "report/page.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: page_fixture CONTENT.json PAGE.html\n");
    return 2;
  }
  std::ifstream in(argv[1]);
  std::ofstream out(argv[2], std::ios::binary);
  out << latentgrid::to_html(latentgrid::Json::parse(in));
  out.close();
  return out ? 0 : 1;
}
