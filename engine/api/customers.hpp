#pragma once
#include "engine/api/call.hpp"
#include "engine/api/journey.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// What is on record of customers, and what changes it. A customer who was merged is shown as the one who goes on.
/// Called on blocking threads.
class customer_endpoints {
public:
    explicit customer_endpoints(runtime::site& site) : site_(site) {}

    void show(std::shared_ptr<call> asked);
    void find(std::shared_ptr<call> asked);
    void journey(const std::shared_ptr<call>& asked) { show_journey(site_, *asked); }
    void change(std::shared_ptr<call> asked);
    void event(std::shared_ptr<call> asked);
    void pin(std::shared_ptr<call> asked);
    void merge(std::shared_ptr<call> asked);
    void unmerge(std::shared_ptr<call> asked);

private:
    void send_profile(const call& asked, const result<store::customer_row>& row);
    void submit(const std::shared_ptr<call>& asked, decltype(runtime::customer_change::what) what);

    runtime::site& site_;
};

}  // namespace kindred::api
