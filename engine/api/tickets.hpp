#pragma once
#include "engine/api/call.hpp"
#include "engine/api/ticket_line.hpp"
#include "engine/runtime/inputs.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// Lists, shows and works on tickets. Called on blocking threads.
class ticket_endpoints {
public:
    explicit ticket_endpoints(runtime::site& site) : site_(site) {}

    void list(std::shared_ptr<call> asked);
    void show(std::shared_ptr<call> asked);
    void explain(std::shared_ptr<call> asked);
    void reply(std::shared_ptr<call> asked);
    void note(std::shared_ptr<call> asked);
    void resolve(std::shared_ptr<call> asked);
    void reopen(std::shared_ptr<call> asked);
    void transfer(std::shared_ptr<call> asked);
    void assign(std::shared_ptr<call> asked);
    void end_wrap_up(std::shared_ptr<call> asked);
    void accept_offer(std::shared_ptr<call> asked);
    void decline_offer(std::shared_ptr<call> asked);

private:
    void list_in_order(const std::shared_ptr<call>& asked, store::ticket_filter filter, line_order by);
    void send_page(call& asked, const line_choice& from, std::size_t limit);
    void answer_offer(const std::shared_ptr<call>& asked, bool accepts);

    runtime::site& site_;
    open_lists open_;
};

}  // namespace kindred::api
