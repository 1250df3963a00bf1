#pragma once
#include "engine/api/group_report.hpp"

#include <map>
#include <mutex>
#include <tuple>
#include <utility>
#include <vector>

namespace kindred::api {

/// Puts every customer into groups by the rules in force: today, and as time alone will have it. Any number of threads
/// work on it at once.
class group_count {
public:
    /// Everything given must outlive it.
    group_count(store::store& from, const rules::ruleset& rules, const group_question& asked, time_point now);

    /// Works until everybody is done.
    void help();
    /// Lets everybody who helps return soon; finish() is an error then.
    void give_up();

    struct outcome {
        std::map<std::tuple<std::string, std::string, std::string>, group_row> rows;  ///< by dimension, group, to
        std::vector<changing_customer> about_to_change;
        std::vector<std::pair<customer_id, double>> satisfaction;  ///< of whom it is on record
    };
    /// After all help() have returned.
    result<outcome> finish();

private:
    class tally;

    bool next_customers(std::vector<store::customer_row>& rows);
    void give_up(error why);

    store::store& from_;
    const rules::ruleset& rules_;
    const bool stages_;
    const duration ahead_;
    const time_point now_;
    std::mutex mutex_;
    customer_id last_;
    bool over_ = false;
    std::optional<error> failed_;
    std::vector<outcome> done_;
};

}  // namespace kindred::api
