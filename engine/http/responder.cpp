#include "engine/http/responder.hpp"

#include "engine/http/pending_answer.hpp"

namespace kindred::http {
namespace {

class answer_to_function final : public detail::pending_answer {
public:
    explicit answer_to_function(std::function<void(response)> sink) : sink_(std::move(sink)) {}
    ~answer_to_function() override { settle(abandoned{}); }

private:
    void pass_on(letter answer) override {
        auto* const given = std::get_if<response>(&answer);
        if (given) return sink_(std::move(*given));
        // Without a connection there is nothing that could become a WebSocket.
        sink_(std::holds_alternative<upgrade>(answer) ? response(426, "no WebSocket here\n") : response(500));
    }

    std::function<void(response)> sink_;
};

}  // namespace

responder::responder(std::shared_ptr<detail::pending_answer> pending) : pending_(std::move(pending)) {}
responder::responder(std::function<void(response)> sink)
    : pending_(std::make_shared<answer_to_function>(std::move(sink))) {}
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
