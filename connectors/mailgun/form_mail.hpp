#pragma once
#include "connectors/mime/mime.hpp"
#include "engine/channel/multipart.hpp"
#include "engine/channel/webhook.hpp"

#include <vector>

namespace kindred::connectors::mailgun {

/// A delivery of a route: its fields, and the files that came with it. Files view the request's body.
struct route_form {
    channel::form fields;
    std::vector<channel::form_part> files;
};

/// Reads either content type that routes use. errc::invalid: the form is malformed; errc::not_found: another type.
result<route_form> read_form(const channel::request& arrived);

/// The mail that Mailgun has already taken apart, put together again from message-headers, body and files.
/// errc::invalid: its headers cannot be read.
result<mime::message> mail_of(const route_form& delivered);

}  // namespace kindred::connectors::mailgun
