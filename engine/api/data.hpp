#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// A person's data in that person's hands, and who did what with everybody's. Called on blocking threads.
class data_endpoints {
public:
    explicit data_endpoints(runtime::site& site) : site_(site) {}

    void export_customer(std::shared_ptr<call> asked);
    void erase_customer(std::shared_ptr<call> asked);
    void audit(std::shared_ptr<call> asked);

private:
    runtime::site& site_;
};

}  // namespace kindred::api
