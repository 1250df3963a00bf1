#include "engine/store/file_store.hpp"
#include "engine/store/redis/redis.hpp"
#include "tests/redis/support/redis_cluster.hpp"
#include "tests/redis/support/redis_server.hpp"
#include "tests/store/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

/// What holds wherever the bytes of files are kept.
namespace kindred::store {
namespace {

class medium {
public:
    virtual ~medium() = default;
    virtual file_place& place() = 0;

protected:
    temporary_folder folder_;
};

class on_disk final : public medium {
public:
    file_place& place() override { return store_; }

private:
    file_store store_{folder_.file("files")};
};

/// In a Redis, by the node that leads.
class in_redis : public medium {
public:
    explicit in_redis(redis_options options = {}) {
        options.copy.path = folder_.file("copy.db");
        options.copy.sync = sync_level::off;
        if (options.cluster.empty()) {
            server_ = std::make_unique<kindred::redis::redis_server>();
            options.server.server.port = server_->port();
        }
        site_ = open_redis(options).value();
        for (result<bool> leads = false; !leads || !*leads; leads = site_->lead(std::chrono::milliseconds{10})) {
        }
    }
    file_place& place() override { return *site_->files(); }

private:
    std::unique_ptr<kindred::redis::redis_server> server_;
    std::unique_ptr<shared_store> site_;
};

class in_cluster final : public medium {
public:
    file_place& place() override { return inner_.place(); }

private:
    static redis_options options_of(const kindred::redis::redis_cluster& cluster) {
        redis_options made;
        made.cluster = cluster.addresses();
        return made;
    }
    kindred::redis::redis_cluster cluster_;
    in_redis inner_{options_of(cluster_)};
};

using maker = std::unique_ptr<medium> (*)();
template <class Medium>
std::unique_ptr<medium> make() {
    return std::make_unique<Medium>();
}

struct kind {
    const char* name;
    maker make;
};

class place_of_files : public testing::TestWithParam<kind> {
protected:
    seen_file seen(const std::string& name) {
        auto found = at_.look(std::vector{name}).value();
        return found.empty() ? seen_file{} : std::move(found.front());
    }
    std::vector<std::string> all() {
        std::vector<std::string> names;
        const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
        EXPECT_TRUE(at_.for_each(now, [&](seen_file&& each) {
            EXPECT_TRUE(each.is_whole);
            names.push_back(std::move(each.name));
        }));
        std::sort(names.begin(), names.end());
        return names;
    }

    std::unique_ptr<medium> medium_ = GetParam().make();
    file_place& at_ = medium_->place();
};

TEST_P(place_of_files, gives_back_what_was_put_and_keeps_the_same_bytes_once) {
    const std::string bytes("a\0b\xff", 4);
    const auto name = at_.put(bytes).value();
    EXPECT_EQ(name, file_name_of(bytes));
    EXPECT_EQ(at_.put(bytes).value(), name);
    EXPECT_EQ(at_.get(name).value(), bytes);
    const auto empty = at_.put("").value();
    EXPECT_EQ(at_.get(empty).value(), "");
    auto names = std::vector{name, empty};
    std::sort(names.begin(), names.end());
    EXPECT_EQ(all(), names);
}

TEST_P(place_of_files, has_nothing_of_a_name_that_was_not_put) {
    const auto name = file_name_of("never put");
    EXPECT_EQ(at_.get(name).error().code, errc::not_found);
    EXPECT_TRUE(at_.look(std::vector{name}).value().empty());
    for (const auto& odd : std::vector<std::string>{"", "../../secret", std::string(64, 'G'), std::string(63, 'a')}) {
        EXPECT_EQ(at_.get(odd).error().code, errc::not_found) << odd;
        EXPECT_TRUE(at_.look(std::vector{odd}).value().empty()) << odd;
        EXPECT_TRUE(at_.remove({odd, {}, {}})) << odd;
    }
}

TEST_P(place_of_files, removes_what_it_has_seen_and_not_what_was_put_since) {
    const auto name = at_.put("x").value();
    const auto before = seen(name);
    ASSERT_EQ(before.name, name);
    EXPECT_EQ(at_.put("x").value(), name);
    EXPECT_FALSE(at_.remove(before).value());
    EXPECT_EQ(at_.get(name).value(), "x");
    EXPECT_TRUE(at_.may_remove().value());
    EXPECT_TRUE(at_.remove(seen(name)).value());
    EXPECT_EQ(at_.get(name).error().code, errc::not_found);
    EXPECT_TRUE(all().empty());
    EXPECT_TRUE(at_.remove(before)) << "it is gone";
}

TEST_P(place_of_files, takes_what_was_removed_anew) {
    const auto name = at_.put("x").value();
    EXPECT_TRUE(at_.remove(seen(name)).value());
    EXPECT_EQ(at_.put("x").value(), name);
    EXPECT_EQ(at_.get(name).value(), "x");
}

TEST_P(place_of_files, keeps_large_ones_and_such_that_can_be_compressed) {
    std::string noise;
    for (std::uint32_t state = 1; noise.size() < (std::size_t{3} << 20); state = state * 1'664'525 + 1'013'904'223)
        noise += static_cast<char>(state >> 24U);
    const std::string even(std::size_t{5} << 20, 'a');
    for (const auto& bytes : {noise, even}) {
        const auto name = at_.put(bytes).value();
        EXPECT_TRUE(at_.get(name).value() == bytes);
        EXPECT_TRUE(at_.secure(name).value());
    }
}

INSTANTIATE_TEST_SUITE_P(everywhere, place_of_files,
                         testing::Values(kind{"disk", &make<on_disk>}, kind{"redis", &make<in_redis>},
                                         kind{"cluster", &make<in_cluster>}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace kindred::store
