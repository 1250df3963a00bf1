#pragma once
#include "engine/runtime/metrics.hpp"
#include "engine/tls/server_identity.hpp"

#include <chrono>
#include <memory>
#include <vector>

namespace kindred::app {

/// The certificates of the listeners, and when they are read again. One thread at a time.
class certificates {
public:
    explicit certificates(runtime::metrics& figures) : figures_(figures) {}

    /// The identity in these files; listeners that name the same files share it. errc::invalid as of load().
    result<std::shared_ptr<tls::server_identity>> of(const tls::certificate_files& files);
    /// Reads those again whose files were replaced; looks at them once a second.
    void look(std::chrono::steady_clock::time_point now);
    /// Reads all of them again.
    void reload();

private:
    void reload(tls::server_identity& one);
    void note(const tls::server_identity& one);

    runtime::metrics& figures_;
    std::vector<std::shared_ptr<tls::server_identity>> all_;
    std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace kindred::app
