#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/* Calls every function of the C ABI once, from a C11 translation unit, with a master and a follower
 * in this process. Answers NULL, or the text of the first call that did not end as it must. */
const char* call_every_function(const char* store_path);

#ifdef __cplusplus
}
#endif
