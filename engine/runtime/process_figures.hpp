#pragma once

namespace kindred::runtime {

/// From now on every metrics object of this process counts into the same figures, so that they go on from one site to
/// the next, and from the time without one. To be called before the first is made.
void share_figures_in_this_process();

}  // namespace kindred::runtime
