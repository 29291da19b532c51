#pragma once

#include <string>

#include "base/json.hpp"
#include "db/revisions.hpp"

namespace latentgrid::cli {

enum class Tense { future, present };  // what a run would make, and what it has made

// That this is not the sweep's first revision: what the former one was, and how many of its jobs are no longer in this one,
// and how to see them. A line a sentence or two; "" where there is nothing to say.
std::string revision_text(const RevisionChange& change, const std::string& sweep, Tense tense);

// {"number", "new", "former": {"number", "file", "created_at", "cause", "jobs", "gone"} or null}
Json revision_json(const RevisionChange& change);

// "2026-11-28 10:00 UTC"
std::string minute_of(const std::string& timestamp);

}  // namespace latentgrid::cli
