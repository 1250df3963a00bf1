#include "engine/app/doors.hpp"

#include "engine/api/gateway.hpp"
#include "engine/app/node_address.hpp"

#include <algorithm>

namespace kindred::app {
namespace {

http::server_settings limits(const config& settings) {
    http::server_settings made;
    made.threads = settings.threads;
    made.proxies = settings.proxies;
    return made;
}

/// All that comes to another node may come by one address.
http::server_settings limits_for_nodes(const config& settings) {
    http::server_settings made;
    made.threads = settings.threads;
    made.max_connections_per_peer = made.max_connections;
    return made;
}

nodes::exchange_settings exchange_settings_of(const config& settings) {
    constexpr std::chrono::milliseconds to_take_over{2'000};
    constexpr std::chrono::milliseconds longest{12'000};  // most providers wait for 10 to 15 seconds
    nodes::exchange_settings made;
    if (!settings.shared) return made;
    made.alone = false;
    made.node = settings.shared->node;
    made.held_for = std::min(settings.shared->lease + to_take_over, longest);
    return made;
}

}  // namespace

doors::doors(const config& settings, http::static_files files)
    : settings_(settings),
      files_(std::move(files)),
      channels_(settings.channels),
      exchange_(exchange_settings_of(settings), channels_, files_, node_figures_),
      server_(limits(settings), std::make_shared<api::http_metrics>(*figures_)),
      for_nodes_(limits_for_nodes(settings)) {}

result<std::unique_ptr<doors>> doors::make(const config& settings) {
    http::static_files files({});
    if (!settings.web.empty()) {
        auto loaded = http::static_files::load(settings.web);
        if (!loaded) return loaded.error();
        files = std::move(*loaded);
    }
    return std::unique_ptr<doors>(new doors(settings, std::move(files)));
}

result<void> doors::open() {
    // A handler that is not ours to end: it lives as long as the server.
    const std::shared_ptr<http::handler> main(std::shared_ptr<void>(), &exchange_);
    auto proof = identity_of(settings_.tls);
    if (!proof) return proof.error();
    if (auto port = server_.listen(settings_.listen.host, settings_.listen.port, main, *proof); !port)
        return port.error();
    if (settings_.admin) {
        auto port =
            server_.listen(settings_.admin->host, settings_.admin->port,
                           std::make_shared<api::admin_gateway>([this] { return figures_->text() + node_text(); },
                                                                [this] { return exchange_.is_ready(); }));
        if (!port) return port.error();
    }
    if (settings_.shared)
        if (auto opened = open_for_nodes(); !opened) return opened;
    open_ = true;
    return {};
}

/// A node alone has nothing to say of others.
std::string doors::node_text() const {
    return settings_.shared ? settings_.shared->figures->text() + node_figures_->text() : std::string();
}

result<void> doors::open_for_nodes() {
    auto at = node_listener(settings_);
    if (!at) return at.error();
    auto port = for_nodes_.listen(at->host, at->port, std::make_shared<nodes::back_door>(exchange_, clock_));
    if (!port) return port.error();
    at->port = *port;
    const auto& told = settings_.shared->address;
    address_ = told.empty() ? to_text(*at) : told;
    return {};
}

void doors::start() {
    if (settings_.shared) for_nodes_.start();
    server_.start();
}

void doors::close(std::chrono::milliseconds patience) {
    exchange_.refuse_passed_on();
    server_.stop(patience);
    for_nodes_.stop(patience);
    exchange_.stop();
}

result<std::shared_ptr<tls::server_identity>> doors::identity_of(const std::optional<tls::certificate_files>& files) {
    if (!files) return std::shared_ptr<tls::server_identity>();
    return certificates_.of(*files);
}

}  // namespace kindred::app
