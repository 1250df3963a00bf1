#pragma once
#include "engine/api/token_register.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// API tokens that admins give out and take back. Called on blocking threads.
class token_endpoints {
public:
    token_endpoints(runtime::site& site, token_register& tokens) : site_(site), tokens_(tokens) {}

    void list(const std::shared_ptr<call>& asked);
    /// The answer is the only place where the secret ever stands.
    void give_out(const std::shared_ptr<call>& asked);
    void revoke(const std::shared_ptr<call>& asked);

private:
    /// On the audit log, and where that cannot be, in the log.
    void note(const std::shared_ptr<call>& asked, std::string action, const std::string& name, std::string_view role);

    runtime::site& site_;
    token_register& tokens_;
};

}  // namespace kindred::api
