#pragma once
#include "engine/store/file_store.hpp"
#include "engine/store/redis/file_shelves.hpp"
#include "engine/store/redis/options.hpp"

#include <atomic>
#include <mutex>
#include <optional>

namespace kindred::store::redis {

/// Files of a site that several nodes share: in Redis, and in a folder beside this node's copy, which answers first and
/// has what Redis should lose. Beyond the most bytes that the options allow in Redis they are in the folder alone,
/// until there is room; a warning and a figure say so.
class shared_files final : public file_place {
public:
    /// `leads`: asks Redis whether this node leads. `connects`: of this node's other connections.
    shared_files(const site_place& at, const redis_options& options, std::function<result<bool>()> leads,
                 std::function<std::uint64_t()> connects);

    using file_place::put;
    result<void> put(const std::string& name, std::string_view bytes) override;
    result<std::string> get(std::string_view name) override;
    result<std::vector<seen_file>> look(std::span<const std::string> names) override;
    /// Of a node that does not lead those alone that its folder has.
    result<void> for_each(time_point now, const std::function<void(seen_file&&)>& each) override;
    result<bool> may_remove() override { return asks_whether_it_leads_(); }
    /// Of a node that does not lead from its folder alone.
    result<bool> remove(const seen_file& seen) override;
    result<bool> secure(const std::string& name) override;
    std::uint64_t doubts() const override { return shelves_.connects() + other_connects_(); }
    void note_missing(std::size_t files) override { figures_->files_missing = files; }

    /// Whether Redis lets this user keep files there: errc::forbidden, with the line to change. Where it does not
    /// answer, nobody knows.
    result<void> check();
    /// The bytes went with what referred to them: this node's folder need not have them.
    void drop_here(std::string_view name);
    void stop() { shelves_.stop(); }

private:
    result<bool> put_into_redis(const std::string& name, std::string_view bytes);
    result<bool> has_room(std::size_t bytes);
    result<void> count();
    void added(std::uint64_t bytes);
    void removed(std::uint64_t bytes);
    result<std::vector<seen_file>> of_folder(std::vector<seen_file> there);

    const std::string site_;
    const std::uint64_t most_bytes_;
    const std::shared_ptr<site_figures> figures_;
    const std::function<result<bool>()> asks_whether_it_leads_;
    const std::function<std::uint64_t()> other_connects_;
    file_store folder_;
    file_shelves shelves_;
    std::atomic<bool> is_counted_{false};
    std::atomic<bool> is_full_{false};
};

}  // namespace kindred::store::redis
