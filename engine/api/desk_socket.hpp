#pragma once
#include "engine/api/call.hpp"
#include "engine/api/lookers.hpp"
#include "engine/base/json.hpp"
#include "engine/http/websocket.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
#include <optional>
#include <utility>

namespace kindred::api {

/// One open desk of an agent.
class desk_socket final : public http::websocket_events, public std::enable_shared_from_this<desk_socket> {
public:
    /// `after`: the last frame that the desk has seen, when it comes back.
    desk_socket(runtime::site& site, std::shared_ptr<lookers> others, agent_id agent,
                std::optional<std::uint64_t> after)
        : site_(site), others_(std::move(others)), agent_(agent), after_(after) {}

    void on_open(const std::shared_ptr<http::websocket>& session) override;
    void on_message(std::string_view text) override;
    void on_close(http::close_code code, std::string_view reason) override;

private:
    void look(const std::shared_ptr<http::websocket>& session, json::value said);

    runtime::site& site_;
    const std::shared_ptr<lookers> others_;
    const agent_id agent_;
    const std::optional<std::uint64_t> after_;
    std::weak_ptr<http::websocket> session_;
    const http::websocket* opened_ = nullptr;
};

/// Opens the desk of whoever asks; `asked.who` is known by then.
void open_desk(runtime::site& site, std::shared_ptr<lookers> others, const std::shared_ptr<call>& asked);

}  // namespace kindred::api
