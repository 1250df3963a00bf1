#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// "phone:+34..." as identities are folded, so that what is typed is what is compared; "email:*@b" stays. errc::invalid
/// says what is wanted.
result<std::string> folded_identity(std::string_view given);

/// The member `do_not_contact`: what forbids to write to somebody, whatever the address. Blocks.
result<void> write_do_not_contact(json::writer& out, store::store& from, const customer& who);

/// How channels stand, who must not be written to, who is blocked, and what is in quarantine. Called on blocking
/// threads.
class register_endpoints {
public:
    explicit register_endpoints(runtime::site& site) : site_(site) {}

    void channels(std::shared_ptr<call> asked);

    void consent(std::shared_ptr<call> asked);
    void forbid_contact(std::shared_ptr<call> asked);
    void allow_contact(std::shared_ptr<call> asked);

    void blocks(std::shared_ptr<call> asked);
    void block(std::shared_ptr<call> asked);
    void unblock(std::shared_ptr<call> asked);

    void quarantine(std::shared_ptr<call> asked);
    void quarantined(std::shared_ptr<call> asked);
    void retry_quarantined(std::shared_ptr<call> asked);
    void drop_quarantined(std::shared_ptr<call> asked);

    void events(std::shared_ptr<call> asked);
    void dead_events(std::shared_ptr<call> asked);
    void replay_events(std::shared_ptr<call> asked);

private:
    void submit(const std::shared_ptr<call>& asked, runtime::register_change wanted);

    runtime::site& site_;
};

}  // namespace kindred::api
