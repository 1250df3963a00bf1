#pragma once
#include "engine/conditions/possible_values.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// What a proof is made of: conditions as formulas over facts' values, and what is assumed of the facts on the way.
namespace kindred::conditions::proving {

/// One statement about one fact. Each but `is_known` says that the fact is known as well.
struct assumption {
    enum class kind { is_known = 1, is_among, is_ago, is_so };
    kind what = kind::is_known;
    fact_id fact{};
    value_set values{};   ///< of is_among; of is_ago the time since, in milliseconds
    std::string about{};  ///< of is_so: a test that is taken as it comes
};

/// A statement, or several together. `negated` turns the whole around.
struct formula {
    enum class kind { statement = 1, all, any };
    kind what = kind::all;
    bool negated = false;
    assumption said{};
    std::vector<formula> parts{};
};

formula formula_of(const condition& asked, const fact_catalog& catalog, const vocabulary& words);

enum class answer { no = 1, yes, open };

/// What is assumed of the facts so far. Facts that nothing is assumed of may have any value.
class knowledge {
public:
    answer judge(const formula& asked, const fact_catalog& catalog) const;
    /// False when it cannot be, given the rest.
    bool assume(const assumption& said, bool truth, const fact_catalog& catalog);
    /// Nothing that any condition names is true of facts other than these: they are unknown, or else have a value
    /// nobody speaks of.
    static knowledge of_nobody_remarkable_but_for(std::vector<fact_id> facts);

private:
    struct fact_state {
        explicit fact_state(const fact_definition& fact);
        bool may_be_known = true;
        bool may_be_unknown = true;
        bool unremarkable = false;
        possible_values values;
        possible_values ago;
        std::vector<std::pair<std::string, bool>> so;

        answer judge(const assumption& said) const;
        bool assume(const assumption& said, bool truth);
        bool settle();
    };
    const fact_state* find(fact_id fact) const;
    bool is_unremarkable(fact_id fact) const;
    fact_state untouched(fact_id fact, const fact_catalog& catalog) const;
    answer judge_untouched(const assumption& said, const fact_catalog& catalog) const;

    std::vector<std::pair<fact_id, fact_state>> facts_;
    std::vector<fact_id> remarkable_;  ///< rising
    bool others_are_unremarkable_ = false;
};

/// Whether there are several ways for the formula to come out so, or one that consists of several parts.
bool splits(const formula& asked, bool wanted);
/// How many ways are left for it to come out so.
std::size_t count_ways(const formula& asked, bool wanted, const knowledge& known, const fact_catalog& catalog);
/// For what does not split: assumes the statement, or hands on the parts that must all come out. False when it cannot
/// be.
bool take_apart(const formula& asked, bool wanted, knowledge& known, const fact_catalog& catalog,
                const std::function<void(const formula& part, bool wanted)>& hand_on);

/// A contact with nothing remarkable about any fact that the formula does not speak of.
knowledge unremarkable(const formula& asked);

/// Conditions by a value that they demand, to find those that may hold where another does.
class shelves {
public:
    void add(const condition& asked, std::size_t place, const fact_catalog& catalog);
    /// Those before `place` that may hold for a contact who is unremarkable but for what the formula asks; rising.
    std::vector<std::size_t> near(const formula& asked, std::size_t place, const fact_catalog& catalog) const;

private:
    std::map<fact_id, std::map<symbol, std::vector<std::size_t>>> by_fact_;
    std::vector<std::size_t> anywhere_;
};

}  // namespace kindred::conditions::proving
