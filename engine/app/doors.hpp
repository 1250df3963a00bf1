#pragma once
#include "engine/app/certificates.hpp"
#include "engine/app/config.hpp"
#include "engine/http/server.hpp"
#include "engine/nodes/exchange.hpp"

#include <memory>
#include <optional>

namespace kindred::app {

/// The listeners of this process for HTTP, for as long as it runs: sites come to it and go. The main one and the one
/// for operators are for everybody; where the site is shared there is one more, which other nodes reach.
class doors {
public:
    /// `settings` must outlive it.
    static result<std::unique_ptr<doors>> make(const config& settings);

    /// Binds all of them. start() lets people in.
    result<void> open();
    void start();
    bool is_open() const { return open_; }
    /// Takes nothing more in, and waits for what is under way.
    void close(std::chrono::milliseconds patience);

    nodes::exchange& inside() { return exchange_; }
    certificates& proofs() { return certificates_; }
    const std::shared_ptr<runtime::metrics>& figures() const { return figures_; }
    nodes::figures& node_figures() { return *node_figures_; }
    const runtime::channel_directory& channels() const { return channels_; }
    const http::static_files& files() const { return files_; }
    /// Where other nodes reach this one; empty where there are none. After open().
    const std::string& address() const { return address_; }
    result<std::shared_ptr<tls::server_identity>> identity_of(const std::optional<tls::certificate_files>& files);

private:
    doors(const config& settings, http::static_files files);
    result<void> open_for_nodes();
    std::string node_text() const;

    const config& settings_;
    const system_clock clock_;
    const http::static_files files_;
    const runtime::channel_directory channels_;
    const std::shared_ptr<runtime::metrics> figures_ = std::make_shared<runtime::metrics>();
    const std::shared_ptr<nodes::figures> node_figures_ = std::make_shared<nodes::figures>();
    certificates certificates_{*figures_};
    nodes::exchange exchange_;
    http::server server_;
    http::server for_nodes_;
    std::string address_;
    bool open_ = false;
};

}  // namespace kindred::app
