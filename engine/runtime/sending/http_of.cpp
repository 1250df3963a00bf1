#include "engine/runtime/sending/http_of.hpp"

#include <utility>

namespace kindred::runtime {

http::http_call http_of(channel::provider_call wanted) {
    http::http_call made;
    made.method = std::move(wanted.method);
    made.url = std::move(wanted.url);
    made.headers = std::move(wanted.headers);
    made.body = std::move(wanted.body);
    made.user = std::move(wanted.user);
    made.password = std::move(wanted.password);
    return made;
}

http::smtp_call smtp_of(channel::provider_call wanted) {
    http::smtp_call made;
    made.url = std::move(wanted.url);
    made.from = std::move(wanted.envelope_from);
    made.recipients = std::move(wanted.envelope_to);
    made.message = std::move(wanted.body);
    made.user = std::move(wanted.user);
    made.password = std::move(wanted.password);
    made.token_file = std::move(wanted.security.token_file);
    made.ca_file = std::move(wanted.security.ca_file);
    made.starttls = wanted.security.tls_required ? http::smtp_call::tls::required : http::smtp_call::tls::never;
    return made;
}

}  // namespace kindred::runtime
