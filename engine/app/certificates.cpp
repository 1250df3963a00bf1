#include "engine/app/certificates.hpp"

#include "engine/base/log.hpp"

#include <algorithm>

namespace kindred::app {
namespace {

constexpr std::chrono::seconds between_looks{1};

}  // namespace

result<std::shared_ptr<tls::server_identity>> certificates::of(const tls::certificate_files& files) {
    const auto same = [&](const auto& each) { return each->files() == files; };
    if (const auto found = std::find_if(all_.begin(), all_.end(), same); found != all_.end()) return *found;
    auto loaded = tls::server_identity::load(files);
    if (!loaded) return loaded.error();
    all_.push_back(*loaded);
    note(**loaded);
    return loaded;
}

void certificates::look(std::chrono::steady_clock::time_point now) {
    if (now < next_look_) return;
    next_look_ = now + between_looks;
    for (const auto& each : all_)
        if (each->files_changed()) reload(*each);
}

void certificates::reload() {
    for (const auto& each : all_) reload(*each);
}

void certificates::reload(tls::server_identity& one) {
    if (auto done = one.reload(); !done) {
        figures_.certificate_refused();
        log::error("the certificate cannot be read: that of before stays in use", {{"err", done.error().message}});
        return;
    }
    note(one);
    log::info("the certificate was read again",
              {{"file", one.files().certificate.string()}, {"until", to_rfc3339(one.expires_at())}});
}

void certificates::note(const tls::server_identity& one) {
    figures_.certificate(one.files().certificate.string(), one.expires_at());
    if (one.expires_at() <= system_clock().now())
        log::warn("the certificate has expired", {{"file", one.files().certificate.string()}});
}

}  // namespace kindred::app
