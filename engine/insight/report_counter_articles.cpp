#include "engine/base/json.hpp"
#include "engine/insight/report_counter.hpp"

/// What the report of self-service counts: everything at the time at which the article was sent.
namespace kindred::insight {
namespace {

enum self_service_column : std::uint8_t {
    offered,
    helped,
    asked_for_person,
    wrote_on,
    said_nothing,
    came_back,
    too_recent_to_say
};

}  // namespace

void report_counter::offer_article(ticket_story& of, const history_line& line, bool counts) {
    // Most replies are no such thing: a look is cheaper than reading them.
    if (line.json.find("\"self_service\":") == std::string_view::npos) return;
    const auto parsed = json::document::parse(line.json);
    const auto sent = parsed ? (*parsed)["self_service"] : json::value{};
    if (!sent.exists()) return;
    if (asked_.by == grouping::article) of.decided = names_.number_of(sent["article"].text());
    of.article_stands_in = said_nothing;
    of.article_sent_at = line.at;
    if (!counts) return;
    count({line.at, group_of(of)}, offered);
    count({line.at, group_of(of)}, said_nothing);
}

void report_counter::move_article(ticket_story& of, std::uint8_t column, bool counts) {
    const figured where{of.article_sent_at, group_of(of)};
    if (counts) count(where, of.article_stands_in, -1);
    if (counts) count(where, column);
    of.article_stands_in = column;
}

void report_counter::take_word_on_article(ticket_story& of, const history_line& line, bool counts) {
    const auto parsed = json::document::parse(line.json);
    if (!parsed || of.article_stands_in == 0) return;
    const bool is_help = (*parsed)["said"].text() == "helped";
    move_article(of, is_help ? helped : asked_for_person, counts);
    const figured where{of.article_sent_at, group_of(of)};
    if (!counts || !is_help || cell_at(where) == nullptr) return;
    if (line.at + asked_.within > asked_.now) return count(where, too_recent_to_say);
    if (of.customer) resolved_of_[of.customer].push_back(settled_ + resolved_.size());
    resolved_.push_back({of.customer, where, line.at});
}

void report_counter::write_on_after_article(ticket_story& of, bool counts) {
    if (of.article_stands_in == said_nothing) move_article(of, wrote_on, counts);
}

void report_counter::add_self_service(const cell& of, std::vector<std::optional<double>>& values) {
    const auto& counts = of.counts;
    values.push_back(ratio(counts[helped], counts[offered]));
    values.push_back(ratio(counts[came_back], counts[helped] - counts[too_recent_to_say]));
}

}  // namespace kindred::insight
