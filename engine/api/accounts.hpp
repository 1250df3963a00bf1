#pragma once
#include "engine/api/call.hpp"
#include "engine/api/sign_in.hpp"
#include "engine/runtime/site.hpp"

#include <memory>
#include <string>

namespace kindred::api {

/// People as accounts: who there is, new ones, their passwords. Called on blocking threads.
class account_endpoints {
public:
    account_endpoints(runtime::site& site, sign_in& proofs) : site_(site), sign_in_(proofs) {}

    void list(const std::shared_ptr<call>& asked);
    void add(const std::shared_ptr<call>& asked);
    /// One's own with the present one, anybody's as an admin. Ends all sessions and desks of that person.
    void set_password(const std::shared_ptr<call>& asked);

private:
    void submit_new(const std::shared_ptr<call>& asked, runtime::person who);
    void submit_password(const std::shared_ptr<call>& asked, agent_id whose, std::string hash);
    void end_sessions(const call& asked, agent_id whose);

    runtime::site& site_;
    sign_in& sign_in_;
};

}  // namespace kindred::api
