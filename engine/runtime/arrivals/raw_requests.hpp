#pragma once
#include "engine/http/request.hpp"
#include "engine/runtime/inputs.hpp"

#include <memory>
#include <string_view>

namespace kindred::runtime {

/// Copies of requests, made in the memory of earlier ones: a webhook has a dozen texts, and another thread lets go of
/// them. Thread-safe; what was taken may outlive it.
class raw_requests {
public:
    raw_requests();

    /// `asked` as it came, under the address that providers know us by. Whoever lets go of it last gives its memory
    /// back, unless it has become large.
    std::shared_ptr<const raw_request> copy_of(const http::request& asked, std::string_view public_url,
                                               std::string_view subpath);

private:
    class shelf;
    std::shared_ptr<shelf> shelf_;
};

}  // namespace kindred::runtime
