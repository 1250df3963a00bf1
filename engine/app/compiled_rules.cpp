#include "engine/app/compiled_rules.hpp"

namespace kindred::app {

rules::loaded compiled_rules::of_folder() {
    auto files = rules::read_folder(folder_);
    if (!files) return rules::load_folder(folder_);  // says what is wrong with it
    if (files_ == *files) return compiled_;
    compiled_ = rules::load(*files, folder_.string());
    files_ = std::move(*files);
    return compiled_;
}

std::optional<rules::ruleset> compiled_rules::of_row(const store::ruleset_row& row) {
    if (compiled_.rules && compiled_.rules->hash() == row.hash) return compiled_.rules;
    if (!row.hash.empty() && stored_hash_ == row.hash) return stored_;
    auto files = rules::unpack(row.files);
    stored_ = files ? rules::load(std::move(*files)).rules : std::nullopt;
    stored_hash_ = row.hash;
    return stored_;
}

void compiled_rules::look_ahead(store::store& of) {
    constexpr std::chrono::seconds every{1};
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look_) return;
    next_look_ = now + every;
    if (watched_.changed(now) || !files_) (void)of_folder();
    const auto known = of.rulesets();
    if (!known || known->empty()) return;
    const auto& last = known->front().hash;
    if (last == stored_hash_ || (compiled_.rules && compiled_.rules->hash() == last)) return;
    if (const auto row = of.ruleset(last)) (void)of_row(*row);
}

}  // namespace kindred::app
