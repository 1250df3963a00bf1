#pragma once
#include "engine/conditions/condition.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kindred::rules {

/// Which words and phrases the rules look for in what a contact says. Says of words that are added to a text whether
/// any condition can tell, for a fraction of what deciding again costs. Immutable once all conditions were added; then
/// safe from every thread.
class text_watch {
public:
    /// What was found in a text so far.
    struct heard {
        std::vector<std::uint32_t> phrases;  ///< their numbers, rising
        std::string end;                     ///< of the folded text: where a phrase may begin that what follows ends
    };

    /// Notes what `when` asks of the fact `text`.
    void add(const conditions::condition& when, conditions::fact_id text);
    void finish();

    /// Goes on from `so_far` with words that follow in a line of their own. True when a condition may answer otherwise
    /// than before them.
    bool hear(heard& so_far, std::string_view words) const;

private:
    std::vector<std::string> phrases_;
    std::size_t longest_ = 0;
    bool asks_otherwise_ = false;  ///< how it begins or ends, a pattern, the whole: anything may change the answer
};

}  // namespace kindred::rules
