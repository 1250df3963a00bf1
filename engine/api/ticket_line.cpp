#include "engine/api/ticket_line.hpp"

#include "engine/api/submit.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace kindred::api {
namespace {

constexpr duration fresh_for{500};
constexpr std::int64_t last_of_all = std::numeric_limits<std::int64_t>::max();

std::int64_t key_of(const runtime::ticket_standing& of, line_order by, time_point now) {
    if (by == line_order::oldest) return 0;
    // Keys rise: what is more comes first by what it lacks.
    if (by == line_order::priority) return last_of_all / 2 - of.head_start.count();
    if (by == line_order::latest) return last_of_all - to_millis(of.updated_at);
    if (by == line_order::longest_wait) return of.waiting_since ? to_millis(*of.waiting_since) : last_of_all;
    return of.due ? to_millis(now + of.due->left) : last_of_all;
}

bool fits(const runtime::ticket_standing& one, const store::ticket_filter& filter) {
    return (!filter.status || one.status == *filter.status) && (filter.queue.empty() || one.queue == filter.queue) &&
           (!filter.holder || one.holder == filter.holder);
}

using line_key = std::pair<std::int64_t, std::uint64_t>;

line_key whole_key(const ticket_line::place& of) { return {of.key, of.stands.id.value}; }

std::optional<line_key> read_cursor(std::string_view text) {
    const auto parts = split(text, '.');
    if (parts.size() != 2) return std::nullopt;
    const auto key = parse_number(parts[0]);
    const auto id = parse_id<ticket_id>(parts[1]);
    if (!key || !id || *key > static_cast<std::uint64_t>(last_of_all)) return std::nullopt;
    return line_key{static_cast<std::int64_t>(*key), id->value};
}

}  // namespace

std::optional<line_order> line_order_named(std::string_view name) {
    if (name == "longest_wait") return line_order::longest_wait;
    if (name == "target") return line_order::target;
    if (name == "oldest") return line_order::oldest;
    if (name == "priority") return line_order::priority;
    if (name == "latest") return line_order::latest;
    return std::nullopt;
}

ticket_line::places ticket_line::in_order(std::vector<runtime::ticket_standing> all, line_order by, time_point now) {
    places made;
    made.reserve(all.size());
    for (auto& each : all) {
        const auto key = key_of(each, by, now);
        made.push_back({key, std::move(each)});
    }
    std::sort(made.begin(), made.end(), [](const place& a, const place& b) { return whole_key(a) < whole_key(b); });
    return made;
}

result<std::vector<ticket_line::place>> ticket_line::page_of(const places& from, const store::ticket_filter& filter,
                                                             std::string_view cursor, std::size_t limit) {
    auto at = from.begin();
    if (!cursor.empty()) {
        const auto after = read_cursor(cursor);
        if (!after) return fail(errc::invalid, "cursor: is not one that a list in this order gave");
        at = std::upper_bound(from.begin(), from.end(), *after,
                              [](const line_key& key, const place& each) { return key < whole_key(each); });
    }
    std::vector<place> page;
    for (; at != from.end() && page.size() < limit; ++at)
        if (fits(at->stands, filter)) page.push_back(*at);
    return page;
}

std::string ticket_line::cursor_of(const place& last) {
    return std::to_string(last.key) + '.' + to_string(last.stands.id);
}

std::shared_ptr<const ticket_line::places> ticket_line::fresh(line_order by, time_point now) const {
    const std::lock_guard lock(mutex_);
    const auto& kept = kept_.at(static_cast<std::size_t>(by) - 1);
    return kept.all && now - kept.made_at < fresh_for ? kept.all : nullptr;
}

void ticket_line::keep(line_order by, std::shared_ptr<const places> made, time_point now) {
    const std::lock_guard lock(mutex_);
    kept_.at(static_cast<std::size_t>(by) - 1) = {std::move(made), now};
}

void with_standings(runtime::site& site, const std::shared_ptr<call>& asked, std::vector<ticket_id> of,
                    std::function<void(std::vector<runtime::ticket_standing>)> then) {
    const auto shared = std::make_shared<decltype(then)>(std::move(then));
    runtime::standing_question question{std::move(of), {}};
    question.done = [&site, asked, shared](std::vector<runtime::ticket_standing> stand) {
        auto work = [shared, stand = std::move(stand)]() mutable { (*shared)(std::move(stand)); };
        if (!site.blocking().try_post(std::move(work))) asked->send(not_taken());
    };
    if (!site.submit(std::move(question))) (*shared)({});
}

}  // namespace kindred::api
