#include "run/best_job.hpp"

namespace latentgrid {

namespace {

class Best : public RowSink {
 public:
  explicit Best(bool lower_is_better) : lower_is_better_(lower_is_better) {}

  void begin(const std::vector<std::string>&) override {}
  void row(const std::vector<Cell>& cells) override {
    const auto& state = std::get<std::string>(cells[1]);
    pending_ = pending_ || state == "pending";
    const auto* value = std::get_if<double>(&cells[2]);
    if (state == "complete" && value && (!found_ || (lower_is_better_ ? *value < best_ : *value > best_))) {
      found_ = std::get<std::string>(cells[0]);
      best_ = *value;
    }
  }

  std::optional<std::string> found() const { return pending_ ? std::nullopt : found_; }

 private:
  bool lower_is_better_, pending_ = false;
  std::optional<std::string> found_;
  double best_ = 0;
};

}  // namespace

std::optional<std::string> best_job(const ResultsDb& db, const std::string& sweep, const std::string& field) {
  Best best(field == "recon_mse" || field == "wall_s");
  select_results(db, {.sweep = sweep, .columns = {"job", "state", field}}, best);
  return best.found();
}

}  // namespace latentgrid
