#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

#include <memory>

namespace kindred::api {

/// What lies on somebody's own desk: drafts, notes in which they are named, by what their wall measures. Called on
/// blocking threads.
class desk_paper_endpoints {
public:
    explicit desk_paper_endpoints(runtime::site& site) : site_(site) {}

    void draft(std::shared_ptr<call> asked);
    void keep_draft(std::shared_ptr<call> asked);
    void mentions(std::shared_ptr<call> asked);
    void mention_seen(std::shared_ptr<call> asked);
    void wall(std::shared_ptr<call> asked);
    void keep_wall(std::shared_ptr<call> asked);

private:
    void put(const std::shared_ptr<call>& asked, store::kept_row row);

    runtime::site& site_;
};

}  // namespace kindred::api
