#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <atomic>
#include <memory>

namespace kindred::api {

/// Customers who may be one: looked at, joined or kept apart. Called on blocking threads.
class join_endpoints {
public:
    explicit join_endpoints(runtime::site& site) : site_(site) {}

    void list(std::shared_ptr<call> asked);
    void accept(std::shared_ptr<call> asked);
    void dismiss(std::shared_ptr<call> asked);
    /// Looks for them now, instead of when it is due.
    void search(std::shared_ptr<call> asked);

private:
    result<customers::join_proposal> proposal_of(const call& asked) const;

    runtime::site& site_;
    std::atomic<bool> searching_{false};
};

}  // namespace kindred::api
