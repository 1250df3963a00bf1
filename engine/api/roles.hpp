#pragma once
#include "engine/api/call.hpp"
#include "engine/api/token_register.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// What people and tokens may do, by name: the built-in roles and those of the centre's own. Called on blocking
/// threads.
class role_endpoints {
public:
    role_endpoints(runtime::site& site, token_register& tokens) : site_(site), tokens_(tokens) {}

    void list(const std::shared_ptr<call>& asked);
    void add(const std::shared_ptr<call>& asked);
    void change(const std::shared_ptr<call>& asked);
    /// Refused while somebody or a token has it.
    void remove(const std::shared_ptr<call>& asked);

private:
    runtime::site& site_;
    token_register& tokens_;
};

}  // namespace kindred::api
