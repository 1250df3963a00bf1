#include "engine/app/resolved_tickets.hpp"

#include "engine/base/json.hpp"

#include <optional>

namespace kindred::app {
namespace {

constexpr std::size_t tickets_at_once = 200;
constexpr std::size_t most_entries = 1'000;
constexpr std::string_view by_the_engine = "queue_closed";  // a disposition that no agent gave

std::string text_of(json::value contact) {
    const std::string subject(contact["subject"].text());
    const std::string text(contact["text"].text());
    return subject.empty() || text.empty() ? subject + text : subject + "\n" + text;
}

/// Nothing when nobody gave the ticket a disposition, or nothing was written.
std::optional<understanding::labelled_text> example_in(const std::vector<store::entry_row>& entries) {
    understanding::labelled_text made;
    for (const auto& each : entries) {
        const bool first_contact = each.kind == "contact" && made.text.empty();
        if (!first_contact && each.kind != "resolved") continue;
        const auto parsed = json::document::parse(each.json);
        if (!parsed) continue;
        if (first_contact)
            made.text = text_of(parsed->root());
        else
            made.label = (*parsed)["disposition"].text();  // the last time counts
    }
    if (made.text.empty() || made.label.empty() || made.label == by_the_engine) return std::nullopt;
    return made;
}

}  // namespace

result<std::vector<understanding::labelled_text>> read_resolved_tickets(store::store& from, std::size_t most) {
    std::vector<understanding::labelled_text> examples;
    store::ticket_filter page;
    page.status = store::ticket_status::resolved;
    page.limit = tickets_at_once;
    while (true) {
        const auto rows = from.tickets(page);
        if (!rows) return rows.error();
        if (rows->empty()) return examples;
        for (const auto& row : *rows) {
            const auto entries = from.entries(row.id, 0, most_entries);
            if (!entries) return entries.error();
            if (auto example = example_in(*entries)) examples.push_back(std::move(*example));
            if (examples.size() >= most) return examples;
        }
        page.before = rows->back().id;
    }
}

}  // namespace kindred::app
