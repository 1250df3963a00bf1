#include "engine/mail/listener.hpp"

#include <atomic>
#include <utility>

namespace kindred::mail {

struct acknowledgement::shared {
    explicit shared(std::function<void(std::vector<reply>)> to) : sink(std::move(to)) {}
    ~shared() { settle({reply{451, "4.3.0 not delivered, try again"}}); }
    shared(const shared&) = delete;
    shared& operator=(const shared&) = delete;

    void settle(std::vector<reply> verdicts) {
        if (!settled.exchange(true)) sink(std::move(verdicts));
    }

    std::function<void(std::vector<reply>)> sink;
    std::atomic<bool> settled{false};
};

acknowledgement::acknowledgement(std::function<void(std::vector<reply>)> sink)
    : shared_(std::make_shared<shared>(std::move(sink))) {}

void acknowledgement::send(reply for_all) const { shared_->settle({std::move(for_all)}); }

void acknowledgement::send(std::vector<reply> by_recipient) const { shared_->settle(std::move(by_recipient)); }

}  // namespace kindred::mail
