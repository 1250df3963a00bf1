#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"
#include "engine/store/store.hpp"

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::api {

/// By what a list of open tickets can be ordered; all of them end with the tickets that the order says nothing of.
enum class line_order : std::uint8_t { longest_wait = 1, target, oldest, priority, latest };
std::optional<line_order> line_order_named(std::string_view name);

/// Open tickets in an order. Moments change with the writer's work, so the writer is asked for all of them, and at most
/// every half second, however many look: a page is as of then.
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
    static result<std::vector<place>> page_of(const places& from, const store::ticket_filter& filter,
                                              std::string_view cursor, std::size_t limit);
    static std::string cursor_of(const place& last);

    std::shared_ptr<const places> fresh(line_order by, time_point now) const;
    void keep(line_order by, std::shared_ptr<const places> made, time_point now);

private:
    struct kept_line {
        std::shared_ptr<const places> all;
        time_point made_at;
    };
    mutable std::mutex mutex_;
    std::array<kept_line, 5> kept_;
};

/// Asks the writer where tickets stand, then goes on with the answer on a blocking thread; with nothing where the
/// writer takes nothing in, because reading goes on without it. `of` empty: all that are open.
void with_standings(runtime::site& site, const std::shared_ptr<call>& asked, std::vector<ticket_id> of,
                    std::function<void(std::vector<runtime::ticket_standing>)> then);

}  // namespace kindred::api
