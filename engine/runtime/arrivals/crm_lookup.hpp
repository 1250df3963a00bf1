#pragma once
#include "engine/http/client.hpp"
#include "engine/runtime/inputs.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace kindred::runtime {

/// Where an outside CRM says what it knows of whoever writes.
struct crm_lookup_settings {
    std::string url;                               ///< "https://crm.example.com/customers?identity={identity}"
    std::string token;                             ///< sent as bearer token; empty: none
    std::chrono::milliseconds within{500};         ///< no contact is held back for longer
    std::chrono::milliseconds fresh_for{600'000};  ///< an answer is not asked for again within this time
    std::size_t remembered = 100'000;              ///< senders whose last answer is kept
    std::size_t most_held = 1'000;                 ///< contacts; further ones do not wait
    unsigned failures = 5;                         ///< after so many in a row it is left alone
    std::chrono::milliseconds left_alone_for{10'000};
};

/// Asks the CRM about senders before their contacts are decided. A contact waits for the answer, at most `within`;
/// then, and while the CRM fails, the last known answer counts. Contacts of one sender keep their order. Thread-safe.
class crm_lookup {
public:
    /// `pass_on`: to intake; false: there is no room. `seen`: "answered", "failed", "late", "fresh", "left_alone" or
    /// "full", for metrics.
    crm_lookup(crm_lookup_settings settings, http::client_settings calls, std::function<bool(delivery)> pass_on,
               std::function<void(const std::string&)> seen);
    ~crm_lookup();
    crm_lookup(const crm_lookup&) = delete;
    crm_lookup& operator=(const crm_lookup&) = delete;

    /// Passes on at once, or when the answers are there. False: there is no room.
    [[nodiscard]] bool take(delivery arrived);
    /// Passes on what waits, then ends. Idempotent.
    void stop();

private:
    using steady = std::chrono::steady_clock::time_point;
    struct answer {
        std::string stated;  ///< JSON object; empty: the CRM knows nobody
        steady at;
        std::list<std::string>::iterator use;
    };
    struct held {
        delivery arrived;
        std::vector<std::string> senders;  ///< of each record; empty: nobody whom a CRM could know
        std::vector<std::string> open;     ///< those whose answers it waits for
        steady due;
    };

    void ask(const std::string& identity);
    void answered(const std::string& identity, const result<http::client_response>& got);
    void remember(const std::string& identity, std::string stated);
    const answer* known(const std::string& identity);
    bool give(held& ready);
    /// Passes on what waits for nothing any more, in the order in which it came; how many had waited too long.
    std::size_t pass_on_ready(steady now);
    void run();

    const crm_lookup_settings settings_;
    std::function<bool(delivery)> pass_on_;
    std::function<void(const std::string&)> seen_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::unordered_map<std::string, answer> answers_;
    std::list<std::string> by_use_;             ///< latest first
    std::unordered_set<std::string> asking_;    ///< senders who are asked about now
    std::list<std::shared_ptr<held>> waiting_;  ///< in the order of arrival
    unsigned failed_ = 0;
    steady left_alone_until_;
    bool stopping_ = false;
    std::unique_ptr<http::client> calls_;
    std::jthread thread_;  // last: it uses everything above
};

/// What a CRM's answer states, as a JSON object of attributes; errc::invalid when it is none. A 404 states nothing.
result<std::string> stated_in(const http::client_response& answered);

}  // namespace kindred::runtime
