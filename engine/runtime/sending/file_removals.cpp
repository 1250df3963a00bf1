#include "engine/runtime/sending/file_removals.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"
#include "engine/runtime/people/registers.hpp"
#include "engine/runtime/sending/http_of.hpp"

#include <algorithm>

namespace kindred::runtime {
namespace {

constexpr std::size_t rows_at_once = 200;
constexpr std::size_t most_at_once = 4;
constexpr std::uint64_t most_tries = 16;  // for about ten days
constexpr duration look_every = std::chrono::seconds{30};

duration pause_after(std::uint64_t tries) {
    const duration longest = std::chrono::days{1};
    return std::min<duration>(std::chrono::seconds{5} * (1U << (2 * std::min<std::uint64_t>(tries - 1, 8))), longest);
}

}  // namespace

struct file_removals::wish {
    store::kept_row row;
    std::string channel;
    channel::attachment file;
    std::uint64_t tries = 0;
    time_point due;
};

file_removals::file_removals(http::client& calls, store::store& durable, const channel_directory& channels,
                             const clock& now, submit to_writer, std::function<void()> wake)
    : calls_(calls),
      durable_(durable),
      channels_(channels),
      now_(now),
      to_writer_(std::move(to_writer)),
      wake_(std::move(wake)) {}

file_removals::wish file_removals::read(const store::kept_row& row) {
    wish made{row, {}, {}, 0, row.at};
    const auto parsed = json::document::parse(row.bytes);
    if (!parsed) return made;
    made.channel = (*parsed)["channel"].text();
    made.file.url = (*parsed)["url"].text();
    made.file.media_id = (*parsed)["media_id"].text();
    made.tries = static_cast<std::uint64_t>((*parsed)["tries"].integer().value_or(0));
    if (const auto due = (*parsed)["due"].integer()) made.due = from_millis(*due);
    return made;
}

bool file_removals::take(const std::string& id) {
    const std::lock_guard hold(mutex_);
    return in_flight_.size() < most_at_once && in_flight_.insert(id).second;
}

time_point file_removals::start_due() {
    const auto now = now_.now();
    auto next = now + look_every;
    const auto rows = durable_.kept(removal_rows, {}, {}, rows_at_once);
    if (!rows) return next;
    for (const auto& row : *rows) {
        auto wanted = read(row);
        if (wanted.due > now)
            next = std::min(next, wanted.due);
        else if (take(row.id))
            start(std::move(wanted));
    }
    return next;
}

void file_removals::start(wish wanted) {
    const auto* via = channels_.find(wanted.channel);
    const auto call = via == nullptr ? std::nullopt : via->works->forget(wanted.file, now_.now());
    if (!call) return settle(wanted, {std::string(removal_rows), wanted.row.id, now_.now(), {}, true});
    auto request = http_of(*call);
    request.within = std::chrono::seconds{30};
    const bool taken = calls_.submit(
        std::move(request), [this, wanted](const result<http::client_response>& got) { answered(wanted, got); });
    if (!taken) answered(wanted, fail(errc::unavailable, "too many calls at once"));
}

void file_removals::answered(const wish& of, const result<http::client_response>& got) {
    const store::kept_row done{std::string(removal_rows), of.row.id, now_.now(), {}, true};
    const auto status = got ? got->status : 0;
    if ((status >= 200 && status < 300) || status == 404 || status == 410) return settle(of, done);
    const auto why = got ? "the provider answered " + std::to_string(status) : got.error().message;
    if (of.tries + 1 >= most_tries) {
        log::error("a provider keeps a file that it should not",
                   {{"channel", of.channel}, {"media_id", of.file.media_id}, {"err", why}});
        return settle(of, done);
    }
    if (of.tries == 0)
        log::warn("a file cannot be removed at its provider yet",
                  {{"channel", of.channel}, {"media_id", of.file.media_id}, {"err", why}});
    json::writer out;
    out.begin_object().member("channel", of.channel).member_if("url", of.file.url);
    out.member_if("media_id", of.file.media_id).member("tries", of.tries + 1);
    out.member("due", to_millis(now_.now() + pause_after(of.tries + 1))).end_object();
    settle(of, {std::string(removal_rows), of.row.id, now_.now(), out.take()});
}

/// Not taken by the writer now: the row still says what is to be done, and it is, again.
void file_removals::settle(const wish& of, store::kept_row row) {
    const auto let_go = [this, id = of.row.id] {
        {
            const std::lock_guard hold(mutex_);
            in_flight_.erase(id);
        }
        wake_();
    };
    register_change change{registers::row_change{{std::move(row)}}, [let_go](const auto&) { let_go(); }};
    if (!to_writer_(std::move(change))) let_go();
}

}  // namespace kindred::runtime
