#include "engine/http/responder.hpp"

#include "engine/http/pending_answer.hpp"

namespace kindred::http {
namespace {

class answer_to_function final : public detail::pending_answer {
public:
    using accepts = std::function<void(std::shared_ptr<websocket_events>, std::string)>;
    explicit answer_to_function(std::function<void(response)> sink, accepts accepted = {})
        : sink_(std::move(sink)), accepted_(std::move(accepted)) {}
    ~answer_to_function() override { settle(abandoned{}); }

private:
    void pass_on(letter answer) override {
        auto* const given = std::get_if<response>(&answer);
        if (given) return sink_(std::move(*given));
        auto* const granted = std::get_if<upgrade>(&answer);
        if (granted && accepted_) return accepted_(std::move(granted->events), std::move(granted->protocol));
        // Without a connection there is nothing that could become a WebSocket.
        sink_(std::holds_alternative<upgrade>(answer) ? response(426, "no WebSocket here\n") : response(500));
    }

    std::function<void(response)> sink_;
    accepts accepted_;
};

}  // namespace

responder::responder(std::shared_ptr<detail::pending_answer> pending) : pending_(std::move(pending)) {}
responder::responder(std::function<void(response)> sink)
    : pending_(std::make_shared<answer_to_function>(std::move(sink))) {}
responder::responder(std::function<void(response)> sink,
                     std::function<void(std::shared_ptr<websocket_events>, std::string)> accepted)
    : pending_(std::make_shared<answer_to_function>(std::move(sink), std::move(accepted))) {}
responder::responder(const responder&) = default;
responder::responder(responder&&) noexcept = default;
responder& responder::operator=(const responder&) = default;
responder& responder::operator=(responder&&) noexcept = default;
responder::~responder() = default;

void responder::send(response answer) const { pending_->settle(std::move(answer)); }

void responder::accept(std::shared_ptr<websocket_events> events, std::string protocol) const {
    pending_->settle(upgrade{std::move(events), std::move(protocol)});
}

}  // namespace kindred::http
