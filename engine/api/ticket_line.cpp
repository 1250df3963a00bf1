#include "engine/api/ticket_line.hpp"

#include "engine/api/submit.hpp"
#include "engine/base/text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace kindred::api {
namespace {

constexpr duration fresh_for{500};
constexpr std::size_t fresh_longer = 100;  // tickets for each of which more a list is fresh for a millisecond longer
constexpr std::size_t most_choices = 64;   // kept of one list; more are made and not kept
/// A question that was lost, because the writer began anew, is asked again by whoever comes after this.
constexpr duration answered_within{5000};
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

result<ticket_line::places> ticket_line::page_of(const places& from, const store::ticket_filter& filter,
                                                 std::string_view cursor, std::size_t limit) {
    return line_choice(std::make_shared<const places>(from), filter).after(cursor, limit);
}

std::string ticket_line::cursor_of(const place& last) {
    return std::to_string(last.key) + '.' + to_string(last.stands.id);
}

line_choice::line_choice(std::shared_ptr<const ticket_line::places> from, const store::ticket_filter& filter)
    : from_(std::move(from)) {
    for (std::uint32_t each = 0; each < from_->size(); ++each)
        if (fits((*from_)[each].stands, filter)) fitting_.push_back(each);
}

result<ticket_line::places> line_choice::after(std::string_view cursor, std::size_t limit) const {
    if (cursor.empty()) return stretch(0, limit);
    const auto last = read_cursor(cursor);
    if (!last) return fail(errc::invalid, "cursor: is not one that a list in this order gave");
    const auto at =
        std::upper_bound(fitting_.begin(), fitting_.end(), *last,
                         [this](const line_key& key, std::uint32_t each) { return key < whole_key((*from_)[each]); });
    return stretch(static_cast<std::size_t>(at - fitting_.begin()), limit);
}

ticket_line::places line_choice::stretch(std::size_t first, std::size_t limit) const {
    ticket_line::places found;
    for (auto at = first; at < fitting_.size() && found.size() < limit; ++at) found.push_back((*from_)[fitting_[at]]);
    return found;
}

bool open_list::is_fresh(time_point now) const {
    return now - made_at_ < fresh_for + duration{static_cast<std::int64_t>(all_.size() / fresh_longer)};
}

std::shared_ptr<const line_choice> open_list::choice(line_order by, const store::ticket_filter& filter) const {
    choice_name name{by, filter.status ? static_cast<int>(*filter.status) : 0, filter.queue, filter.holder.value};
    const std::lock_guard lock(mutex_);
    if (const auto made = choices_.find(name); made != choices_.end()) return made->second;
    auto& order = orders_.at(static_cast<std::size_t>(by) - 1);
    if (!order) order = std::make_shared<const ticket_line::places>(ticket_line::in_order(all_, by, made_at_));
    auto chosen = std::make_shared<const line_choice>(order, filter);
    if (choices_.size() < most_choices) choices_.emplace(std::move(name), chosen);
    return chosen;
}

void open_lists::give(runtime::site& site, const std::shared_ptr<call>& asked, taker then) {
    const auto now = site.now().now();
    std::unique_lock lock(mutex_);
    if (kept_ && kept_->is_fresh(now)) {
        const auto known = kept_;
        lock.unlock();
        return then(*known);
    }
    waiting_.push_back({asked, std::move(then)});
    if (asked_at_ && now - *asked_at_ < answered_within) return;
    asked_at_ = now;
    lock.unlock();
    const auto refuse = [this] {
        for (const auto& each : all_waiting()) each.asked->send(not_taken());
    };
    runtime::standing_question question;
    question.done = [this, &site, now, refuse](std::vector<runtime::ticket_standing> stand) {
        const auto made = std::make_shared<const open_list>(std::move(stand), now);
        auto work = [this, made] {
            const auto all = all_waiting(made);
            for (const auto& each : all) each.then(*made);
        };
        if (!site.blocking().try_post(std::move(work))) refuse();
    };
    if (!site.submit(std::move(question))) refuse();
}

/// Who waits, now no longer; `made`: what they get is kept.
std::vector<open_lists::waiting> open_lists::all_waiting(std::shared_ptr<const open_list> made) {
    const std::lock_guard lock(mutex_);
    asked_at_.reset();
    if (made) kept_ = std::move(made);
    return std::exchange(waiting_, {});
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
