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

}  // namespace kindred::runtime
