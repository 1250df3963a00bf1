#include "tests/store/support/makers.hpp"

namespace kindred::store {
namespace {

INSTANTIATE_TEST_SUITE_P(each, store_contract, testing::ValuesIn(all_makers()), name_of_maker);

}  // namespace
}  // namespace kindred::store
