#pragma once

namespace latentgrid {

// How long a run waits for its workers, and how often it tries a task whose worker was lost.
inline constexpr int attempts_for_lost_workers = 2;
inline constexpr int interruptions_of_a_task = 20;  // without getting further; after these it counts as lost
inline constexpr double seconds_to_stop = 20;
inline constexpr double seconds_between_turns = 0.2;

}  // namespace latentgrid
