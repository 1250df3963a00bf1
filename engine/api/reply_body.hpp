#pragma once
#include "engine/api/call.hpp"
#include "engine/runtime/site.hpp"

namespace kindred::api {

/// The members that say what an agent sends: `text`, `template`, `attachments`. They count as known to the reader.
struct reply_members {
    explicit reply_members(body_reader& body);

    /// Once the body is finished: errc::invalid for a template or a list of files that is none, and for files that are
    /// not stored. Does blocking I/O where files are named.
    result<runtime::action::reply> read(runtime::site& site) const;

private:
    std::string text_;
    json::value wanted_template_;
    json::value files_;
};

}  // namespace kindred::api
