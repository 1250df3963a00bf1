#pragma once
#include "engine/api/call.hpp"
#include "engine/base/text.hpp"
#include "engine/insight/report_table.hpp"
#include "engine/runtime/site.hpp"

#include <atomic>
#include <memory>

namespace kindred::api {

/// What happened: the past in figures. Called on blocking threads.
class report_endpoints {
public:
    explicit report_endpoints(runtime::site& site) : site_(site) {}

    void list(const std::shared_ptr<call>& asked);
    /// One at a time: a long one must not keep all who read from the store waiting.
    void show(const std::shared_ptr<call>& asked);
    /// What became lately of what was sent through a channel, and why.
    void deliveries(const std::shared_ptr<call>& asked);
    /// What would be waited with so many agents, by the rules in force. One at a time, and of a bounded size.
    void simulate(const std::shared_ptr<call>& asked);

private:
    void show_manual(const std::shared_ptr<call>& asked, bool gaps, std::vector<form_field> fields);
    void show_comparisons(const std::shared_ptr<call>& asked, std::vector<form_field> fields);
    void show_splits(const std::shared_ptr<call>& asked, std::vector<form_field> fields);
    void show_groups(const std::shared_ptr<call>& asked, bool stages, std::vector<form_field> fields);
    result<insight::report_table> in_turn(insight::report_question asked);

    runtime::site& site_;
    std::atomic<bool> busy_{false};
    std::atomic<bool> simulating_{false};
};

}  // namespace kindred::api
