#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "db/details.hpp"

namespace latentgrid {

// Jobs in an order. They do not change, and copies and selections share them: a sweep may have a hundred thousand.
class ResultRows {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = ResultRow;
    using difference_type = std::ptrdiff_t;
    using pointer = const ResultRow*;
    using reference = const ResultRow&;

    explicit Iterator(const ResultRow* const* place = nullptr) : place_(place) {}
    reference operator*() const { return **place_; }
    pointer operator->() const { return *place_; }
    Iterator& operator++() { return ++place_, *this; }
    Iterator operator++(int) { return Iterator(place_++); }
    bool operator==(const Iterator&) const = default;

   private:
    const ResultRow* const* place_;
  };

  ResultRows(std::vector<ResultRow> rows = {}) : kept_(std::make_shared<const std::vector<ResultRow>>(std::move(rows))) {
    rows_.reserve(kept_->size());
    for (const ResultRow& row : *kept_) rows_.push_back(&row);
  }

  ResultRows selection(const std::vector<std::size_t>& places) const {
    ResultRows selected = *this;
    selected.rows_.clear();
    for (std::size_t place : places) selected.rows_.push_back(rows_.at(place));
    return selected;
  }

  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }
  const ResultRow& operator[](std::size_t place) const { return *rows_[place]; }
  const ResultRow& at(std::size_t place) const { return *rows_.at(place); }
  const ResultRow& front() const { return *rows_.front(); }
  Iterator begin() const { return Iterator(rows_.data()); }
  Iterator end() const { return Iterator(rows_.data() + rows_.size()); }

 private:
  std::shared_ptr<const std::vector<ResultRow>> kept_;
  std::vector<const ResultRow*> rows_;
};

}  // namespace latentgrid
