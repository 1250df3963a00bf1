#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// What supervisors do beside the rules: close a queue or give notice until a time; one incident behind many tickets.
/// Called on blocking threads.
class supervision_endpoints {
public:
    explicit supervision_endpoints(runtime::site& site) : site_(site) {}

    void close_queue(std::shared_ptr<call> asked);
    void open_queue(std::shared_ptr<call> asked);
    void set_notice(std::shared_ptr<call> asked);
    void lift_notice(std::shared_ptr<call> asked);
    void incidents(std::shared_ptr<call> asked);
    void open_incident(std::shared_ptr<call> asked);
    void link_tickets(std::shared_ptr<call> asked);
    void unlink_tickets(std::shared_ptr<call> asked);
    void reply_to_incident(std::shared_ptr<call> asked);
    void resolve_incident(std::shared_ptr<call> asked);

private:
    void order(const std::shared_ptr<call>& asked, dispatch::command told);
    void change(const std::shared_ptr<call>& asked, runtime::incident_change wanted, unsigned success);
    void change_tickets(const std::shared_ptr<call>& asked, runtime::incident_change::act what);
    void change_with_text(const std::shared_ptr<call>& asked, runtime::incident_change::act what, const char* member);

    runtime::site& site_;
};

}  // namespace kindred::api
