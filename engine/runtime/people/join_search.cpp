#include "engine/runtime/people/join_search.hpp"

#include "engine/customers/everybody.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace kindred::runtime {
namespace {

constexpr std::size_t found_at_once = 100;

struct namesake {
    std::size_t name = 0;  ///< its hash
    customer_id id;
};

class search {
public:
    search(store::store& from, const std::function<bool(std::vector<customers::join_proposal>)>& found)
        : from_(from), found_(found) {}

    result<void> all() {
        auto gathered = customers::for_everybody(from_, [&](const customer& who) -> result<void> {
            if (!who.merged && !who.declared.empty())
                if (const auto name = customers::folded_name(who); !name.empty())
                    named_.push_back({std::hash<std::string>{}(name), who.id});
            return {};
        });
        if (!gathered) return gathered;
        std::sort(named_.begin(), named_.end(),
                  [](const namesake& a, const namesake& b) { return std::tie(a.name, a.id) < std::tie(b.name, b.id); });
        for (auto begin = named_.begin(); begin != named_.end();) {
            const auto end =
                std::find_if(begin, named_.end(), [&](const auto& each) { return each.name != begin->name; });
            const auto count = static_cast<std::size_t>(end - begin);
            if (count > 1 && count <= most_namesakes)
                if (auto compared = compare({begin, end}); !compared) return compared;
            begin = end;
        }
        return give();
    }

private:
    result<void> compare(const std::vector<namesake>& group) {
        std::vector<customer> people;
        for (const auto& each : group) {
            const auto row = from_.customer(each.id);
            if (!row) continue;  // erased a moment ago
            auto who = customer_from_json(row->id, row->version, row->json);
            if (who && !who->merged && !who->erased_at) people.push_back(std::move(*who));
        }
        for (std::size_t i = 0; i < people.size(); ++i) {
            for (std::size_t j = i + 1; j < people.size(); ++j) {
                auto evidence = customers::likeness(people[i], people[j]);
                if (evidence.empty()) continue;
                ready_.push_back(
                    {customers::pair_of(people[i].id, people[j].id), false, std::move(evidence), {}, {}, {}});
            }
        }
        return ready_.size() < found_at_once ? result<void>{} : give();
    }

    result<void> give() {
        if (ready_.empty()) return {};
        if (!found_(std::exchange(ready_, {}))) return fail(errc::unavailable, "proposals cannot be taken in now");
        return {};
    }

    store::store& from_;
    const std::function<bool(std::vector<customers::join_proposal>)>& found_;
    std::vector<namesake> named_;
    std::vector<customers::join_proposal> ready_;
};

}  // namespace

result<void> find_alike(store::store& from, const std::function<bool(std::vector<customers::join_proposal>)>& found) {
    return search(from, found).all();
}

}  // namespace kindred::runtime
