#pragma once

/// Which of the deliberate bugs is there in this process; 0: none.
namespace kindred::dispatch {

extern int chosen_bug;
inline bool is(int bug) { return chosen_bug == bug; }

}  // namespace kindred::dispatch
