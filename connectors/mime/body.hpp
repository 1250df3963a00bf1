#pragma once
#include "connectors/mime/gmime_pointer.hpp"
#include "connectors/mime/mime.hpp"

namespace kindred::connectors::mime {

/// Fills text, attachments, report fields of `into` from the MIME tree below `root`. errc::invalid when the tree has
/// more parts or levels than `allowed`.
result<void> read_body(GMimeObject* root, const limits& allowed, message& into);

}  // namespace kindred::connectors::mime
