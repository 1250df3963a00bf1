#include "engine/runtime/inputs.hpp"

namespace kindred::runtime {

std::string_view name_of(outcome::state what) {
    switch (what) {
        case outcome::state::accepted: return "accepted";
        case outcome::state::duplicate: return "duplicate";
        case outcome::state::ignored: return "ignored";
        case outcome::state::refused: return "refused";
        case outcome::state::quarantined: return "quarantined";
    }
    return "refused";
}

const store::prefetched& delivery::known_of(std::size_t record) const {
    static const store::prefetched nothing;
    return known.empty() ? nothing : known[record];
}

}  // namespace kindred::runtime
