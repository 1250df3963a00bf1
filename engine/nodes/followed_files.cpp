#include "engine/nodes/followed_files.hpp"

#include "engine/base/log.hpp"

#include <algorithm>

namespace kindred::nodes {
namespace {

constexpr duration first_after = std::chrono::seconds{1};
constexpr duration try_again_after = std::chrono::seconds{10};

}  // namespace

followed_files::followed_files(store::shared_store& of, const store::site_figures& figures, const clock& now,
                               duration every)
    : of_(of), figures_(figures), now_(now), every_(every), next_(now.now() + first_after) {}

void followed_files::look() {
    auto* const files = of_.files();
    if (files == nullptr) return;
    const auto now = now_.now();
    const auto doubts = files->doubts();
    if (doubts != doubts_) next_ = std::min(next_, now + first_after);
    doubts_ = doubts;
    // A copy that lacks batches does not know yet what refers to a file.
    if (now < next_ || figures_.batches_behind.load() > 0) return;
    const auto done = runtime::sweep_files({of_, *files, none_held_}, now, [](const auto&) {});
    next_ = now + (done ? every_ : std::min(every_, try_again_after));
    if (!done) return log::warn("files cannot be looked through", {{"err", done.error().message}});
    if (done->removed > 0) log::info("removed files that nothing names", {{"count", done->removed}});
    if (done->put_back > 0) log::warn("put files back that Redis did not have", {{"count", done->put_back}});
}

}  // namespace kindred::nodes
