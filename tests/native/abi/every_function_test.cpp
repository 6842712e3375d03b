#include "abi/every_function.h"

#include <gtest/gtest.h>

#include "support/temporary_directory.h"

namespace interop::sessions::tests {
namespace {

TEST(EveryFunction, Is_called_from_C11_and_works) {
  const TemporaryDirectory directory;
  EXPECT_STREQ(call_every_function(directory.File("store.db").c_str()), nullptr);
}

}  // namespace
}  // namespace interop::sessions::tests
