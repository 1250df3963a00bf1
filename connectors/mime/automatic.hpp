#pragma once
#include "connectors/mime/header_fields.hpp"
#include "connectors/mime/mime.hpp"

namespace kindred::connectors::mime {

/// The keyword of Auto-Submitted in lower case, without comments and parameters (RFC 3834 section 5).
std::string auto_submitted(const header_fields& headers);

/// Whether a person may be answered automatically: not when the headers of RFC 3834, a vendor's, a list's or a null
/// sender say that a machine wrote this (CHANNELS 4.5 lists who sends which). Looks at the outermost headers only.
bool may_answer_automatically(const header_fields& headers, const message& read);

/// "mailer-daemon", "postmaster" and their like as the local part.
bool is_mail_system(std::string_view email);

}  // namespace kindred::connectors::mime
