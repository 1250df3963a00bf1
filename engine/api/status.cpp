#include "engine/api/status.hpp"

#include "engine/base/json.hpp"
#include "engine/base/log.hpp"

namespace kindred::api {

unsigned to_status(errc code) {
    switch (code) {
        case errc::invalid: return 400;
        case errc::unauthorized: return 401;
        case errc::forbidden: return 403;
        case errc::not_found: return 404;
        case errc::conflict: return 409;
        case errc::too_large: return 413;
        case errc::overloaded:
        case errc::unavailable:
        case errc::fenced: return 503;
        case errc::timed_out: return 504;
        case errc::unknown:
        case errc::corrupt:
        case errc::io: return 500;
    }
    return 500;
}

http::response problem(const error& failed) {
    const auto status = to_status(failed.code);
    const bool ours_alone = status == 500;
    if (ours_alone) log::error("a request failed", {{"code", name_of(failed.code)}, {"err", failed.message}});
    json::writer out;
    out.begin_object().member("type", std::string("/problems/") + name_of(failed.code));
    out.member("title", http::reason_phrase(status)).member("status", status);
    out.member("detail", ours_alone ? std::string("the engine could not do this; its log says why") : failed.message);
    http::response answer(status, out.end_object().take(), "application/problem+json");
    if (status == 503) answer.header("Retry-After", "1");
    if (status == 401) answer.header("WWW-Authenticate", "Bearer");
    return answer;
}

http::response problem(errc code, std::string message) { return problem(fail(code, std::move(message))); }

}  // namespace kindred::api
