#include "report/charts/correlation_sentences.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "report/charts/common.hpp"
#include "stats/correlation.hpp"

namespace latentgrid::charts {

namespace {

constexpr double clear = 0.5;  // of Spearman's correlation, either way
constexpr std::size_t fewest_points = 3;
// Three points in any order have a Spearman correlation of at least 0.5 either way, four in 10 of 24 orders.
constexpr std::size_t fewest_for_clear = 5;
// Of four independent pairs even a perfect order comes about by chance in 2 of 24 cases, of five in 2 of 120.
constexpr std::size_t fewest_for_a_test = 5;
constexpr std::size_t most_subjects = 12;
constexpr std::size_t most_told_apart = 12;  // trainings of a subject

std::string signed_text(double value) {
  const std::string text = fixed_with_sign(value, 2);
  return text == "-0.00" || text == "+0.00" ? "0.00" : text;
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void add(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  std::string text() const {
    const std::string first = signed_text(low), last = signed_text(high);
    return first == last ? first : first + " to " + last;
  }
};

struct Correlations {
  std::size_t count = 0, negative = 0, positive = 0, clearly_negative = 0, clearly_positive = 0;
  std::size_t too_few = 0, brief = 0, constant = 0;
  std::size_t fewest = std::numeric_limits<std::size_t>::max(), most = 0;  // points of those counted
  Range spearman, pearson;

  explicit Correlations(const std::vector<ErrorsAndScores>& all) {
    for (const ErrorsAndScores& values : all) add(values);
  }

  // Trainings of few checkpoints count only where there are no others.
  static Correlations within(const std::vector<ErrorsAndScores>& all) {
    Correlations found({});
    const bool any_long = std::any_of(all.begin(), all.end(), [](const ErrorsAndScores& values) {
      return values.errors.size() >= fewest_for_clear;
    });
    for (const ErrorsAndScores& values : all) {
      if (any_long && values.errors.size() >= fewest_points && values.errors.size() < fewest_for_clear) {
        ++found.brief;
      } else {
        found.add(values);
      }
    }
    return found;
  }

  void add(const ErrorsAndScores& values) {
    if (values.errors.size() < fewest_points) {
      ++too_few;
      return;
    }
    const auto rank = latentgrid::spearman(values.errors, values.scores);
    const auto linear = latentgrid::pearson(values.errors, values.scores);
    if (!rank || !linear) {
      ++constant;
      return;
    }
    ++count;
    negative += *rank < 0;
    positive += *rank > 0;
    const bool enough = values.errors.size() >= fewest_for_clear;
    clearly_negative += enough && *rank <= -clear;
    clearly_positive += enough && *rank >= clear;
    spearman.add(*rank);
    pearson.add(*linear);
    fewest = std::min(fewest, values.errors.size());
    most = std::max(most, values.errors.size());
  }

  std::string ranges() const { return fmt::format("Spearman {}, Pearson {}", spearman.text(), pearson.text()); }
};

class SentenceWriter {
 public:
  explicit SentenceWriter(const CorrelationWords& words)
      : words_(words),
        better_(words.lower_is_better ? "lower" : "higher"),
        worse_(words.lower_is_better ? "higher" : "lower"),
        claim_(fmt::format("a lower loss and a {} {} go together", better_, words.score)) {}

  std::string rule() const {
    return fmt::format(
        "If {}, loss and {} have a {} correlation. It is called clear here if Spearman's is at most -0.5 or at least 0.5 over five "
        "checkpoints or more of one {}.",
        claim_, words_.score, words_.lower_is_better ? "positive" : "negative", words_.unit);
  }

  std::string verdict(const std::string& name, const Correlations& found) const {
    if (found.most < fewest_for_clear) return too_short(name, found);
    const bool one_sign = found.negative == found.count || found.positive == found.count;
    if (found.count == 1) return one(name, found);
    if (!one_sign) {
      return fmt::format(
          "{}: the correlation is clearly negative in {} and clearly positive in {} of {} {}s ({}). This does not show that {}.",
          name, in_words(found.clearly_negative), in_words(found.clearly_positive), in_words(found.count), words_.unit,
          found.ranges(), claim_);
    }
    const bool negative = found.negative == found.count;
    const std::size_t clearly = negative ? found.clearly_negative : found.clearly_positive;
    const char* sign = negative ? "negative" : "positive";
    const bool together = negative != words_.lower_is_better;
    if (clearly == found.count) {
      return fmt::format(
          "{}: the correlation is clearly {} in {} ({}). Within each of them {}.", name, sign, every(found.count), found.ranges(),
          together ? claim_
                   : fmt::format("a lower loss comes with a {} {}, the opposite", worse_, words_.score));
    }
    const std::string conclusion =
        !together ? fmt::format("This does not show that {}", claim_)
        : clearly == 0
            ? fmt::format("This is too weak to say that {}", claim_)
            : fmt::format("Where it is clear, {}; this does not show that they do in every {}", claim_, words_.unit);
    return fmt::format("{}: the correlation is {} in {}, clearly in {} ({}). {}.", name, sign, every(found.count), in_words(clearly),
                       found.ranges(), conclusion);
  }

  std::optional<std::string> unsaid(const std::string& name, const Correlations& found) const {
    std::vector<std::string> parts;
    if (found.too_few > 0) {
      parts.push_back(fmt::format("{} with fewer than three checkpoints", units(found.too_few)));
    }
    if (found.brief > 0) parts.push_back(fmt::format("{} with fewer than five checkpoints", units(found.brief)));
    if (found.constant > 0) {
      parts.push_back(fmt::format("{} where loss or {} stays the same", units(found.constant), words_.score));
    }
    if (parts.empty()) return std::nullopt;
    return fmt::format("{}: nothing can be said about {}.", name, fmt::join(parts, " and about "));
  }

  std::string across(const std::string& name, const Correlations& found) const {
    const std::string trainings = found.fewest == found.most
                                      ? in_words(found.most)
                                      : fmt::format("{} to {}", in_words(found.fewest), in_words(found.most));
    return fmt::format(
        "{}: across trainings that differ only in the seed, after equally many epochs, the correlation of loss and {} is {} "
        "over {} trainings{}.",
        name, words_.score, found.ranges(), trainings,
        found.count > 1 ? fmt::format(" each, in {} comparisons", in_words(found.count)) : "");
  }

  std::string nothing_at_all() const {
    return fmt::format("No {} has three checkpoints whose loss and {} vary, so nothing can be said about whether {}.",
                       words_.unit, words_.score, claim_);
  }

 private:
  std::string units(std::size_t number) const {
    return fmt::format("{} {}{}", in_words(number), words_.unit, number == 1 ? "" : "s");
  }

  std::string every(std::size_t number) const {
    return number == 2 ? fmt::format("both {}s", words_.unit) : "all " + units(number);
  }

  std::string too_short(const std::string& name, const Correlations& found) const {
    return fmt::format("{}: the correlation is {} in {}. Over fewer than five checkpoints either sign is often chance, so nothing "
                       "is said about whether {}.",
                       name, found.ranges(), found.count == 1 ? "the one " + words_.unit : every(found.count), claim_);
  }

  std::string one(const std::string& name, const Correlations& found) const {
    if (found.clearly_negative + found.clearly_positive == 0) {
      return fmt::format(
          "{}: the correlation is not clear in the one {} ({}). This is too weak to say whether {}.", name,
          words_.unit, found.ranges(), claim_);
    }
    const bool negative = found.clearly_negative == 1;
    return fmt::format(
        "{}: the correlation is clearly {} in the one {} ({}). There {}. One {} says nothing about others.", name,
        negative ? "negative" : "positive", words_.unit, found.ranges(),
        negative != words_.lower_is_better
            ? claim_
            : fmt::format("a lower loss comes with a {} {}, the opposite", worse_, words_.score),
        words_.unit);
  }

  const CorrelationWords& words_;
  std::string better_, worse_, claim_;
};

// "AE1, each by itself (Spearman, Pearson): seed 0 -0.99, -0.85; seed 1 -0.56, -0.69."
std::optional<std::string> each_by_itself(const CorrelationSubject& subject) {
  if (subject.trainings.size() < 2 || subject.trainings.size() > most_told_apart) return std::nullopt;
  std::string text;
  for (const ErrorsAndScores& training : subject.trainings) {
    if (training.name.empty()) return std::nullopt;
    if (training.errors.size() < fewest_points) continue;
    const auto rank = latentgrid::spearman(training.errors, training.scores);
    const auto linear = latentgrid::pearson(training.errors, training.scores);
    if (!rank || !linear) continue;
    text +=
        fmt::format("{}{} {}, {}", text.empty() ? "" : "; ", training.name, signed_text(*rank), signed_text(*linear));
  }
  if (text.empty()) return std::nullopt;
  return fmt::format("{}: each by itself has these correlations (Spearman, Pearson): {}.", subject.name, text);
}

void add_within(std::vector<std::string>& sentences, const std::vector<CorrelationSubject>& subjects,
                const SentenceWriter& writer) {
  const std::size_t said = std::min(subjects.size(), most_subjects);
  bool any = false;
  std::vector<std::string> verdicts;
  for (std::size_t i = 0; i < said; ++i) {
    const Correlations found = Correlations::within(subjects[i].trainings);
    any |= found.count > 0;
    if (found.count > 0) verdicts.push_back(writer.verdict(subjects[i].name, found));
    if (auto each = each_by_itself(subjects[i])) verdicts.push_back(*each);
    if (auto rest = writer.unsaid(subjects[i].name, found)) verdicts.push_back(*rest);
  }
  if (!any) {
    sentences.push_back(writer.nothing_at_all());
    return;
  }
  sentences.push_back(writer.rule());
  sentences.insert(sentences.end(), verdicts.begin(), verdicts.end());
  if (said < subjects.size()) {
    sentences.push_back(
        fmt::format("Nothing is said here about the other {}.", counted(subjects.size() - said, "architecture")));
  }
  sentences.push_back("Checkpoints of one training depend on each other, so no p-value is given.");
}

void add_across(std::vector<std::string>& sentences, const std::vector<CorrelationSubject>& subjects,
                const SentenceWriter& writer) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (std::size_t i = 0; i < std::min(subjects.size(), most_subjects); ++i) {
    const Correlations found(subjects[i].across_seeds);
    if (found.count == 0) continue;
    sentences.push_back(writer.across(subjects[i].name, found));
    fewest = std::min(fewest, found.fewest);
  }
  if (fewest < fewest_for_a_test) {
    sentences.push_back("Over fewer than five trainings no rank correlation is beyond chance at 5 %, not even one of 1.");
  }
}

}  // namespace

std::vector<std::string> correlation_sentences(const std::vector<CorrelationSubject>& subjects,
                                               const CorrelationWords& words) {
  std::vector<std::string> sentences;
  const SentenceWriter writer(words);
  add_within(sentences, subjects, writer);
  add_across(sentences, subjects, writer);
  return sentences;
}

}  // namespace latentgrid::charts
