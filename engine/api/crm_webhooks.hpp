#pragma once
#include "engine/api/call.hpp"
#include "engine/base/time.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kindred::api {

/// A CRM that tells of its customers by Standard Webhooks.
struct crm_webhook {
    std::string name;                              ///< its address is /crm/<name>
    std::vector<std::string> secrets;              ///< raw keys; any of them may have signed
    duration tolerance = std::chrono::minutes{5};  ///< between its time of sending and ours
};

/// Takes events of customers from CRMs: each has the effect of POST /api/v1/customers/{id}/events, once for each
/// webhook-id. Called on blocking threads.
class crm_desk {
public:
    crm_desk(runtime::site& site, std::vector<crm_webhook> hooks) : site_(site), hooks_(std::move(hooks)) {}

    /// `name` in the path says which.
    void take(std::shared_ptr<call> asked);

private:
    runtime::site& site_;
    std::vector<crm_webhook> hooks_;
};

}  // namespace kindred::api
