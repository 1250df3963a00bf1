#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"
#include "engine/store/store.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace kindred::api {

/// By what a list of open tickets can be ordered; all of them end with the tickets that the order says nothing of.
enum class line_order : std::uint8_t { longest_wait = 1, target, oldest, priority, latest };
std::optional<line_order> line_order_named(std::string_view name);

/// Open tickets in an order.
class ticket_line {
public:
    struct place {
        std::int64_t key = 0;  ///< smaller comes first; milliseconds
        runtime::ticket_standing stands;
    };
    using places = std::vector<place>;

    /// Sorts by the order, then by number.
    static places in_order(std::vector<runtime::ticket_standing> all, line_order by, time_point now);
    /// The first that fits the filter after the cursor ("" for none), at most `limit`; errc::invalid for a cursor that
    /// no page gave.
    static result<places> page_of(const places& from, const store::ticket_filter& filter, std::string_view cursor,
                                  std::size_t limit);
    static std::string cursor_of(const place& last);
};

/// Those of an order that fit a filter: any stretch of them is found without a look at the others.
class line_choice {
public:
    line_choice(std::shared_ptr<const ticket_line::places> from, const store::ticket_filter& filter);

    std::size_t total() const { return fitting_.size(); }
    /// As ticket_line::page_of().
    result<ticket_line::places> after(std::string_view cursor, std::size_t limit) const;
    /// At most `limit`, from the one that has `first` before it; none where there are not so many.
    ticket_line::places stretch(std::size_t first, std::size_t limit) const;

private:
    std::shared_ptr<const ticket_line::places> from_;
    std::vector<std::uint32_t> fitting_;  ///< numbers in `from_`
};

/// All open tickets as of one moment. Orders and choices are made when somebody first asks for them. Thread-safe.
class open_list {
public:
    open_list(std::vector<runtime::ticket_standing> all, time_point made_at)
        : all_(std::move(all)), made_at_(made_at) {}

    /// Half a second, and longer the more there are: the writer spends a few hundredths of its time on lists at most.
    bool is_fresh(time_point now) const;
    std::shared_ptr<const line_choice> choice(line_order by, const store::ticket_filter& filter) const;

private:
    using choice_name = std::tuple<line_order, int, std::string, std::uint64_t>;

    const std::vector<runtime::ticket_standing> all_;
    const time_point made_at_;
    mutable std::mutex mutex_;
    mutable std::array<std::shared_ptr<const ticket_line::places>, 5> orders_;
    mutable std::map<choice_name, std::shared_ptr<const line_choice>> choices_;
};

/// The open list that is fresh now. Moments change with the writer's work, so the writer is asked; once for all who
/// wait for its answer, however many look.
class open_lists {
public:
    using taker = std::function<void(const open_list&)>;

    /// Goes on at once, or on a blocking thread; says "not taken" where the writer takes nothing in.
    void give(runtime::site& site, const std::shared_ptr<call>& asked, taker then);

private:
    struct waiting {
        std::shared_ptr<call> asked;
        taker then;
    };
    std::vector<waiting> all_waiting(std::shared_ptr<const open_list> made = nullptr);

    std::mutex mutex_;
    std::shared_ptr<const open_list> kept_;
    std::vector<waiting> waiting_;
    std::optional<time_point> asked_at_;  ///< nothing: nobody has asked the writer
};

/// Asks the writer where tickets stand, then goes on with the answer on a blocking thread; with nothing where the
/// writer takes nothing in, because reading goes on without it. `of` is not empty.
void with_standings(runtime::site& site, const std::shared_ptr<call>& asked, std::vector<ticket_id> of,
                    std::function<void(std::vector<runtime::ticket_standing>)> then);

}  // namespace kindred::api
