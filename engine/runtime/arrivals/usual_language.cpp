#include "engine/runtime/arrivals/usual_language.hpp"

#include "engine/base/json.hpp"

namespace kindred::runtime {

std::string usual_language(const delivery& arrived, std::size_t place) {
    if (place < arrived.at_hand.size() && arrived.at_hand[place]) return *arrived.at_hand[place];
    if (place >= arrived.known.size()) return {};
    for (const auto& row : arrived.known[place].customers) {
        if (!row) continue;
        const auto parsed = json::document::parse(row->json);
        return parsed ? std::string((*parsed)["language"].text()) : std::string();
    }
    return {};
}

}  // namespace kindred::runtime
