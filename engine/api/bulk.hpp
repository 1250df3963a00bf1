#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// Many customers at once, in and out, a bounded piece of a file with each request. Called on blocking threads.
class bulk_endpoints {
public:
    explicit bulk_endpoints(runtime::site& site) : site_(site) {}

    /// CSV with its header, or lines of JSON. Answered when all of it is durable.
    void import_customers(std::shared_ptr<call> asked);
    /// A page of customers in the form that import takes; where there is more, a Link says where.
    void export_customers(std::shared_ptr<call> asked);

private:
    runtime::site& site_;
};

/// Of one request's body.
inline constexpr std::size_t most_import_bytes = 8U << 20U;

}  // namespace kindred::api
