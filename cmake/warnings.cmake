# The one place where compiler flags are set.
add_library(gritd_warnings INTERFACE)
target_compile_options(gritd_warnings INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wdate-time
  -Wunused-result -fno-common -fstack-protector-strong)
target_compile_definitions(gritd_warnings INTERFACE _GNU_SOURCE GRITD_VERSION="${PROJECT_VERSION}")
target_include_directories(gritd_warnings INTERFACE ${CMAKE_SOURCE_DIR}/daemon)
# the same bytes wherever it is built: no path of the place in the binaries (./run reproducible)
target_compile_options(gritd_warnings INTERFACE
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}=. -ffile-prefix-map=${CMAKE_BINARY_DIR}=build)
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  # tests/lint/hardening.py looks for each of these in what was built
  target_compile_options(gritd_warnings INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fPIE
    -fstack-clash-protection)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i[3-6]86")
    target_compile_options(gritd_warnings INTERFACE -fcf-protection=full)
  elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64")
    target_compile_options(gritd_warnings INTERFACE -mbranch-protection=standard)
  endif()
  target_link_options(gritd_warnings INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack
    -Wl,-z,separate-code)
endif()
# GRITD_SANITIZE: ON is addresses and undefined behaviour, `thread` is data races
if(GRITD_SANITIZE STREQUAL "thread")
  target_compile_options(gritd_warnings INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(gritd_warnings INTERFACE -fsanitize=thread)
elseif(GRITD_SANITIZE)
  target_compile_options(gritd_warnings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  target_link_options(gritd_warnings INTERFACE -fsanitize=address,undefined)
endif()
if(GRITD_COVERAGE)
  target_compile_options(gritd_warnings INTERFACE --coverage)
  target_link_options(gritd_warnings INTERFACE --coverage)
endif()
if(GRITD_FUZZ)
  target_compile_options(gritd_warnings INTERFACE -fsanitize=fuzzer-no-link)
endif()
