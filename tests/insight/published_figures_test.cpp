#include "engine/insight/effect_size.hpp"
#include "engine/insight/multiple_comparisons.hpp"
#include "engine/insight/power.hpp"
#include "engine/insight/tests_of_groups.hpp"

#include <gtest/gtest.h>
#include <ostream>

/// Published data sets, and what SciPy 1.x, statsmodels and R's formulas say of them. The intervals come from SciPy's
/// noncentral distributions, solved by brentq to 1e-14.
namespace kindred::insight {
namespace {

/// Dry weight of plants (Dobson: An Introduction to Statistical Modelling, 1983).
const std::vector<numeric_group> plant_growth{{"ctrl", {4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14}},
                                              {"trt1", {4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69}},
                                              {"trt2", {6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26}}};
/// Insects on plots treated with six sprays (Beall: Methods of estimating the population of insects, Biometrika 32,
/// 1942).
const std::vector<numeric_group> insect_sprays{{"A", {10, 7, 20, 14, 14, 12, 10, 23, 17, 20, 14, 13}},
                                               {"B", {11, 17, 21, 11, 16, 14, 17, 17, 19, 21, 7, 13}},
                                               {"C", {0, 1, 7, 2, 3, 1, 2, 1, 3, 0, 1, 4}},
                                               {"D", {3, 5, 12, 6, 4, 3, 5, 5, 5, 5, 2, 4}},
                                               {"E", {3, 5, 3, 5, 3, 6, 1, 1, 3, 2, 6, 4}},
                                               {"F", {11, 9, 15, 22, 15, 16, 13, 10, 26, 26, 24, 13}}};
/// Weight of chicks by feed (Anonymous, Biometrika 35, 1948; McNeil: Interactive Data Analysis, 1977).
const std::vector<numeric_group> chick_weights{
    {"casein", {368, 390, 379, 260, 404, 318, 352, 359, 216, 222, 283, 332}},
    {"horsebean", {179, 160, 136, 227, 217, 168, 108, 124, 143, 140}},
    {"linseed", {309, 229, 181, 141, 260, 203, 148, 169, 213, 257, 244, 271}},
    {"meatmeal", {325, 257, 303, 315, 380, 153, 263, 242, 206, 344, 258}},
    {"soybean", {243, 230, 248, 327, 329, 250, 193, 271, 316, 267, 199, 171, 158, 248}},
    {"sunflower", {423, 340, 392, 339, 341, 226, 320, 295, 334, 322, 297, 318}}};
/// Hair and eye colour of students (Snee, The American Statistician 28, 1974).
const contingency hair_and_eyes{{"black", "blond", "brown", "red"},
                                {"blue", "brown", "green", "hazel"},
                                {{20, 68, 5, 15}, {94, 7, 16, 10}, {84, 119, 29, 54}, {17, 26, 14, 14}}};
/// Admissions at Berkeley (Bickel, Hammel, O'Connell, Science 187, 1975).
const contingency by_department{{"A", "B", "C", "D", "E", "F"},
                                {"admitted", "rejected"},
                                {{601, 332}, {370, 215}, {322, 596}, {269, 523}, {147, 437}, {46, 668}}};
const contingency by_gender{{"female", "male"}, {"admitted", "rejected"}, {{557, 1278}, {1198, 1493}}};

void expect_relative(double made, double wanted) { EXPECT_NEAR(made / wanted, 1, 1e-6) << made << " " << wanted; }

struct numeric_case {
    const char* name;
    const std::vector<numeric_group>& groups;
    double h, p, f, p_of_f, eta, low, high;
    friend void PrintTo(const numeric_case& one, std::ostream* out) { *out << one.name; }
};

class published_numbers : public testing::TestWithParam<numeric_case> {};

TEST_P(published_numbers, AgreeToSixDigits) {
    const auto& wanted = GetParam();
    const auto ranks = kruskal_wallis(wanted.groups);
    expect_relative(ranks.statistic, wanted.h);
    expect_relative(ranks.p, wanted.p);
    const auto f = one_way_f(wanted.groups);
    expect_relative(f.statistic, wanted.f);
    expect_relative(f.p, wanted.p_of_f);
    const auto eta = eta_squared(wanted.groups);
    expect_relative(eta.size, wanted.eta);
    expect_relative(eta.low, wanted.low);
    expect_relative(eta.high, wanted.high);
}

INSTANTIATE_TEST_SUITE_P(
    all, published_numbers,
    testing::Values(numeric_case{"plants", plant_growth, 7.988228749443715, 0.018423755731471966, 4.846087862380135,
                                 0.015909958325622912, 0.26414829683211966, 0.009903968562060163, 0.46389646730630735},
                    numeric_case{"sprays", insect_sprays, 54.691344622371446, 1.510844439418511e-10, 34.702282055491715,
                                 3.182583726145106e-17, 0.7244390155627941, 0.580626271653714, 0.7804439090751896},
                    numeric_case{"chicks", chick_weights, 37.34271769425624, 5.112829511937094e-07, 15.364799774712534,
                                 5.936419853471334e-10, 0.5416854656739155, 0.3349734181443945, 0.631028813335328}));

struct category_case {
    const char* name;
    const contingency& table;
    double statistic, p, degrees, v, low, high;
    friend void PrintTo(const category_case& one, std::ostream* out) { *out << one.name; }
};

class published_tables : public testing::TestWithParam<category_case> {};

TEST_P(published_tables, AgreeToSixDigits) {
    const auto& wanted = GetParam();
    const auto x = chi_squared(wanted.table);
    expect_relative(x.statistic, wanted.statistic);
    expect_relative(x.p, wanted.p);
    EXPECT_EQ(x.degrees, wanted.degrees);
    const auto v = cramers_v(wanted.table);
    expect_relative(v.size, wanted.v);
    expect_relative(v.low, wanted.low);
    expect_relative(v.high, wanted.high);
}

INSTANTIATE_TEST_SUITE_P(
    all, published_tables,
    testing::Values(category_case{"hair", hair_and_eyes, 138.28984162600827, 2.3252867870988044e-25, 9,
                                  0.2790446233426584, 0.22352701636890185, 0.317988102937572},
                    category_case{"departments", by_department, 778.9065315075353, 4.229744953946652e-166, 5,
                                  0.4148445586544861, 0.3846049204247262, 0.442947052892889},
                    category_case{"genders", by_gender, 92.20528041152762, 7.813600388994724e-22, 1, 0.142731760206081,
                                  0.11359838405455451, 0.17186513635760745}));

TEST(power, AgreesWithStatsmodels) {
    expect_relative(power_of_f(0.06, 90, 3), 0.5489175516400602);
    expect_relative(power_of_f(0.01, 500, 4), 0.44138200458904586);
    expect_relative(power_of_f(0.14, 40, 2), 0.7008747961276639);
    expect_relative(power_of_f(0.06, 12, 3), 0.0943231534779666);
    expect_relative(power_of_chi_squared(0.3, 88, 1), 0.8035274844561178);
    expect_relative(power_of_chi_squared(0.1, 785, 1), 0.800056926879825);
    expect_relative(power_of_chi_squared(0.3, 100, 4), 0.6634860717513964);
    expect_relative(power_of_chi_squared(0.2, 50, 6), 0.14621241569691912);
}

TEST(power, NeedsTheLeastNumberThatIsEnough) {
    for (const double eta : {0.01, 0.06, 0.14}) {
        for (const int groups : {2, 3, 8}) {
            const auto needed = values_needed(eta, groups);
            EXPECT_GE(power_of_f(eta, needed, groups), 0.8);
            EXPECT_LT(power_of_f(eta, needed - 1, groups), 0.8);
        }
    }
    EXPECT_EQ(counts_needed(0.1, 1), 785) << "Cohen 1988, table 7.4";
    EXPECT_EQ(counts_needed(0.3, 1), 88);
    EXPECT_EQ(power_of_f(0.06, 3, 3), 0);
    EXPECT_EQ(power_of_f(0.5, 1'000'000, 3), 1);
}

TEST(multiple_comparisons, AgreeWithStatsmodels) {
    const std::vector<double> p{.01, .04, .03, .005, .2, .04};
    const std::vector<double> by_holm{0.05, 0.12, 0.12, 0.03, 0.2, 0.12};
    const std::vector<double> by_rate{0.03, 0.048, 0.048, 0.03, 0.2, 0.048};
    const auto ours_by_holm = holm(p);
    const auto ours_by_rate = benjamini_hochberg(p);
    for (std::size_t each = 0; each < p.size(); ++each) {
        EXPECT_NEAR(ours_by_holm[each], by_holm[each], 1e-12);
        EXPECT_NEAR(ours_by_rate[each], by_rate[each], 1e-12);
    }
    EXPECT_TRUE(holm({}).empty());
}

}  // namespace
}  // namespace kindred::insight
