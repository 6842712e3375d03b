// struct_size lets a host and a library of different minor versions work together: a newer caller's
// larger struct must not ask for what this library does not know. There is none smaller than that of
// the first release.

#include <atomic>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "abi/live_objects.h"

namespace interop::sessions::tests {
namespace {

/// A struct that a caller passes in, and a call that takes it and undoes what it made.
struct InputStruct {
  const char* name;
  const char* mentioned;
  uint32_t size;
  std::function<void(LiveObjects&, void*)> fill;
  std::function<interop_sessions_status(LiveObjects&, const void*, Error*)> call;
};

void PrintTo(const InputStruct& input, std::ostream* out) { *out << input.name; }

/// The struct in memory with room behind it, as a newer caller's would be.
class StructMemory {
 public:
  static constexpr size_t kTail = 64;

  StructMemory(const InputStruct& input, LiveObjects& objects)
      : words_((input.size + kTail) / sizeof(uint64_t) + 1) {
    input.fill(objects, data());
    SetSize(input.size);
  }

  void* data() { return words_.data(); }
  void SetSize(uint32_t size) { std::memcpy(data(), &size, sizeof(size)); }
  void SetByte(size_t at, unsigned char value) { static_cast<unsigned char*>(data())[at] = value; }

  /// What is behind its end: anything.
  void SpoilFrom(size_t at) {
    std::memset(static_cast<unsigned char*>(data()) + at, 0xa5,
                words_.size() * sizeof(uint64_t) - at);
  }

 private:
  std::vector<uint64_t> words_;
};

template <typename Struct>
void Store(void* target, const Struct& value) {
  std::memcpy(target, &value, sizeof(value));
}

interop_sessions_status StartAndStop(const interop_sessions_master_options* options, Error* error) {
  interop_sessions_master made = {};
  const interop_sessions_status status =
      interop_sessions_master_start(TestLibrary(), options, &made, error);
  if (status == INTEROP_SESSIONS_OK) {
    EXPECT_EQ(interop_sessions_master_stop(made, 0, error), INTEROP_SESSIONS_OK) << error->message;
  }
  return status;
}

interop_sessions_status CreateAndClose(LiveObjects& objects,
                                       const interop_sessions_follower_options* options,
                                       Error* error) {
  interop_sessions_follower made = {};
  const interop_sessions_status status =
      interop_sessions_follower_create(objects.manager, options, &made, error);
  if (status == INTEROP_SESSIONS_OK) {
    EXPECT_EQ(interop_sessions_follower_close(made, 0, error), INTEROP_SESSIONS_OK)
        << error->message;
  }
  return status;
}

void FillMasterOptions(LiveObjects& objects, void* target) {
  Store(target, objects.MasterOptions());
}

interop_sessions_status CallWithMasterOptions(LiveObjects&, const void* options, Error* error) {
  return StartAndStop(static_cast<const interop_sessions_master_options*>(options), error);
}

void FillAccessManager(LiveObjects&, void* target) {
  Store(target, Sized<interop_sessions_access_manager>());
}

interop_sessions_status CallWithAccessManager(LiveObjects& objects, const void* access_manager,
                                              Error* error) {
  auto options = objects.MasterOptions();
  options.access_manager = static_cast<const interop_sessions_access_manager*>(access_manager);
  return StartAndStop(&options, error);
}

void FillManagerOptions(LiveObjects& objects, void* target) {
  static interop_sessions_string endpoint;
  endpoint = Text(objects.endpoint);
  auto options = Sized<interop_sessions_follower_manager_options>();
  options.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  options.endpoint_count = 1;
  options.endpoints = &endpoint;
  Store(target, options);
}

interop_sessions_status CallWithManagerOptions(LiveObjects&, const void* options, Error* error) {
  interop_sessions_follower_manager made = {};
  const interop_sessions_status status = interop_sessions_follower_manager_create(
      TestLibrary(), static_cast<const interop_sessions_follower_manager_options*>(options), &made,
      error);
  if (status == INTEROP_SESSIONS_OK) {
    EXPECT_EQ(interop_sessions_follower_manager_close(made, 0, error), INTEROP_SESSIONS_OK);
  }
  return status;
}

void FillFollowerOptions(LiveObjects&, void* target) {
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("sized");
  Store(target, options);
}

interop_sessions_status CallWithFollowerOptions(LiveObjects& objects, const void* options,
                                                Error* error) {
  return CreateAndClose(objects, static_cast<const interop_sessions_follower_options*>(options),
                        error);
}

void FillCallbacks(LiveObjects&, void* target) {
  Store(target, Sized<interop_sessions_follower_callbacks>());
}

interop_sessions_status CallWithCallbacks(LiveObjects& objects, const void* callbacks,
                                          Error* error) {
  auto options = Sized<interop_sessions_follower_options>();
  options.identity = Text("sized");
  options.callbacks = static_cast<const interop_sessions_follower_callbacks*>(callbacks);
  return CreateAndClose(objects, &options, error);
}

void FillDescription(LiveObjects&, void* target) {
  Store(target, Sized<interop_sessions_server_description>());
}

interop_sessions_status CallWithDescription(LiveObjects& objects, const void* description,
                                            Error* error) {
  const interop_sessions_follower follower = objects.FreshFollower();
  const interop_sessions_status status = interop_sessions_follower_create_session(
      follower, static_cast<const interop_sessions_server_description*>(description),
      Within(PatienceMs()), nullptr, error);
  Error close_error;
  EXPECT_EQ(interop_sessions_follower_close(follower, 0, &close_error), INTEROP_SESSIONS_OK);
  return status;
}

void FillEndpoint(LiveObjects&, void* target) {
  auto endpoint = Sized<interop_sessions_endpoint>();
  endpoint.kind = INTEROP_SESSIONS_ACCESS_POINT_NFS;
  endpoint.address = Text("192.0.2.1:2049");
  Store(target, endpoint);
}

interop_sessions_status CallWithEndpoint(LiveObjects& objects, const void* endpoint, Error* error) {
  auto description = Sized<interop_sessions_server_description>();
  description.endpoints = static_cast<const interop_sessions_endpoint*>(endpoint);
  description.endpoint_count = 1;
  return CallWithDescription(objects, &description, error);
}

void FillItem(LiveObjects&, void* target) {
  auto item = Sized<interop_sessions_item>();
  item.key = Text("rack");
  Store(target, item);
}

interop_sessions_status CallWithItem(LiveObjects& objects, const void* item, Error* error) {
  auto description = Sized<interop_sessions_server_description>();
  description.items = static_cast<const interop_sessions_item*>(item);
  description.item_count = 1;
  return CallWithDescription(objects, &description, error);
}

void FillChange(LiveObjects&, void* target) {
  auto change = Change("rack");
  change.compare_revision = INTEROP_SESSIONS_ANY_REVISION;
  Store(target, change);
}

interop_sessions_status CallWithChange(LiveObjects& objects, const void* change, Error* error) {
  return interop_sessions_follower_apply_items(
      objects.follower, objects.session.epoch,
      static_cast<const interop_sessions_item_change*>(change), 1, Within(PatienceMs()), nullptr,
      error);
}

const InputStruct kInputStructs[] = {
    {"master_options", "options", sizeof(interop_sessions_master_options), FillMasterOptions,
     CallWithMasterOptions},
    {"access_manager", "access_manager", sizeof(interop_sessions_access_manager), FillAccessManager,
     CallWithAccessManager},
    {"follower_manager_options", "options", sizeof(interop_sessions_follower_manager_options),
     FillManagerOptions, CallWithManagerOptions},
    {"follower_options", "options", sizeof(interop_sessions_follower_options), FillFollowerOptions,
     CallWithFollowerOptions},
    {"follower_callbacks", "callbacks", sizeof(interop_sessions_follower_callbacks), FillCallbacks,
     CallWithCallbacks},
    {"server_description", "description", sizeof(interop_sessions_server_description),
     FillDescription, CallWithDescription},
    {"endpoint", "description->endpoints[0]", sizeof(interop_sessions_endpoint), FillEndpoint,
     CallWithEndpoint},
    {"item", "description->items[0]", sizeof(interop_sessions_item), FillItem, CallWithItem},
    {"item_change", "changes[0]", sizeof(interop_sessions_item_change), FillChange, CallWithChange},
};

class StructSizeTest : public WithLiveObjects, public ::testing::WithParamInterface<InputStruct> {
 protected:
  interop_sessions_status Call() { return GetParam().call(objects(), memory_.data(), &error_); }

  void ExpectRefused() {
    EXPECT_EQ(Call(), INTEROP_SESSIONS_INVALID_STRUCT_SIZE) << error_.message;
    EXPECT_TRUE(error_.Mentions(GetParam().mentioned)) << error_.message;
  }

  StructMemory memory_{GetParam(), objects()};
  Error error_;
};

TEST_P(StructSizeTest, Zero_is_refused) {
  memory_.SetSize(0);
  ExpectRefused();
}

TEST_P(StructSizeTest, A_pointers_size_is_refused) {
  memory_.SetSize(sizeof(void*));
  ExpectRefused();
}

TEST_P(StructSizeTest, One_byte_less_than_in_the_first_release_is_refused) {
  memory_.SetSize(GetParam().size - 1);
  ExpectRefused();
}

TEST_P(StructSizeTest, A_larger_struct_with_an_unknown_value_is_refused) {
  memory_.SetSize(GetParam().size + StructMemory::kTail);
  memory_.SetByte(GetParam().size + StructMemory::kTail - 1, 1);
  ExpectRefused();
}

TEST_P(StructSizeTest, A_size_that_is_garbage_is_refused_without_walking_over_memory) {
  memory_.SetSize(0xfffffff0U);
  ExpectRefused();
}

TEST_P(StructSizeTest, A_larger_struct_with_zeros_behind_is_accepted) {
  memory_.SetSize(GetParam().size + StructMemory::kTail);
  EXPECT_EQ(Call(), INTEROP_SESSIONS_OK) << error_.message;
}

TEST_P(StructSizeTest, Of_this_release_it_works_and_nothing_behind_it_is_read) {
  memory_.SpoilFrom(GetParam().size);
  EXPECT_EQ(Call(), INTEROP_SESSIONS_OK) << error_.message;
}

/// Where a struct is reserved for later releases: it could never mean anything if it might hold garbage today.
struct ReservedField {
  const char* of;
  size_t offset;
};

void FillEtcdOptions(LiveObjects&, void* target) {
  auto etcd = Sized<interop_sessions_etcd_options>();
  etcd.endpoints = Text("127.0.0.1:1");
  etcd.insecure = INTEROP_SESSIONS_INSECURE_LOOPBACK;
  Store(target, etcd);
}

interop_sessions_status CallWithEtcdOptions(LiveObjects& objects, const void* etcd, Error* error) {
  auto options = objects.MasterOptions();
  options.store_path = {};
  options.etcd = static_cast<const interop_sessions_etcd_options*>(etcd);
  return StartAndStop(&options, error);
}

void FillAccessPoint(LiveObjects& objects, void* target) {
  auto found = Sized<interop_sessions_access_point>();
  found.session_id = objects.session.session_id;
  found.epoch = objects.session.epoch;
  found.revision = 1;
  Store(target, found);
}

interop_sessions_status CallWithAccessPoint(LiveObjects& objects, const void* found, Error* error) {
  return interop_sessions_follower_release_access_point(
      objects.follower, objects.session.epoch, INTEROP_SESSIONS_ACCESS_POINT_NFS, Text("volume"),
      static_cast<const interop_sessions_access_point*>(found), Within(PatienceMs()), error);
}

/// What is read by its size and reserves fields, and would need a cluster or an assignment to be accepted.
const InputStruct kOtherStructs[] = {
    {"etcd_options", "etcd", sizeof(interop_sessions_etcd_options), FillEtcdOptions,
     CallWithEtcdOptions},
    {"access_point", "found", sizeof(interop_sessions_access_point), FillAccessPoint,
     CallWithAccessPoint},
};

const InputStruct* InputOf(const std::string& name) {
  for (const InputStruct& input : kInputStructs) {
    if (name == input.name) {
      return &input;
    }
  }
  for (const InputStruct& input : kOtherStructs) {
    if (name == input.name) {
      return &input;
    }
  }
  return nullptr;
}

class ReservedFieldTest : public WithLiveObjects,
                          public ::testing::WithParamInterface<ReservedField> {};

TEST_P(ReservedFieldTest, Must_be_zero) {
  const InputStruct* const input = InputOf(GetParam().of);
  ASSERT_NE(input, nullptr);
  StructMemory memory(*input, objects());
  memory.SetByte(GetParam().offset, 0xef);
  Error error;
  EXPECT_EQ(input->call(objects(), memory.data(), &error), INTEROP_SESSIONS_INVALID_ARGUMENT);
  EXPECT_TRUE(error.Mentions("reserved")) << error.message;
}

using ReservedFieldOfAnAnswer = WithLiveObjects;

const ReservedField kReservedFields[] = {
    {"master_options", offsetof(interop_sessions_master_options, reserved)},
    {"access_manager", offsetof(interop_sessions_access_manager, reserved)},
    {"follower_callbacks", offsetof(interop_sessions_follower_callbacks, reserved)},
    {"item", offsetof(interop_sessions_item, reserved)},
    {"etcd_options", offsetof(interop_sessions_etcd_options, reserved)},
    {"follower_manager_options", offsetof(interop_sessions_follower_manager_options, reserved)},
    {"access_point", offsetof(interop_sessions_access_point, reserved)},
};

/// A host's answer is no argument, so no call can refuse it: an answer that cannot be read is a no.
TEST_F(ReservedFieldOfAnAnswer, Must_be_zero_too) {
  static std::atomic<uint32_t> reserved;
  reserved = 0;
  auto hooks = Sized<interop_sessions_access_manager>();
  hooks.check_leader = [](void*, interop_sessions_leader_answer* answer) {
    answer->leads = 1;
    answer->reserved = reserved;
  };
  auto options = objects().MasterOptions();
  options.access_manager = &hooks;
  interop_sessions_master master = {};
  Error error;
  ASSERT_EQ(interop_sessions_master_start(TestLibrary(), &options, &master, &error),
            INTEROP_SESSIONS_OK)
      << error.message;
  const auto leads = [&] {
    int32_t answer = 0;
    EXPECT_EQ(interop_sessions_master_leads(master, &answer, nullptr, &error), INTEROP_SESSIONS_OK);
    return answer != 0;
  };
  EXPECT_TRUE(Eventually(leads));
  reserved = 1;
  EXPECT_TRUE(Eventually([&] { return !leads(); }));
  EXPECT_EQ(interop_sessions_master_stop(master, 0, &error), INTEROP_SESSIONS_OK);
}

INSTANTIATE_TEST_SUITE_P(Of, ReservedFieldTest, ::testing::ValuesIn(kReservedFields),
                         [](const auto& tested) {
                           return std::string(tested.param.of) + "_at_" +
                                  std::to_string(tested.param.offset);
                         });

using StoreCreation = WithLiveObjects;

TEST_F(StoreCreation, Is_asked_for) {
  auto options = objects().MasterOptions();
  options.create_store = 0;
  Error error;
  EXPECT_EQ(StartAndStop(&options, &error), INTEROP_SESSIONS_STORE_FAILED) << error.message;
  EXPECT_TRUE(error.Mentions("new cluster")) << error.message;
  EXPECT_TRUE(error.Mentions("create_store")) << error.message;

  options.create_store = 1;
  EXPECT_EQ(StartAndStop(&options, &error), INTEROP_SESSIONS_OK) << error.message;
}

INSTANTIATE_TEST_SUITE_P(Of, StructSizeTest, ::testing::ValuesIn(kInputStructs),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace interop::sessions::tests
