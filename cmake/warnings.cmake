# The one place where compiler flags are set.
add_library(gritd_warnings INTERFACE)
target_compile_options(gritd_warnings INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
  -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla
  -Wunused-result -fno-common -fstack-protector-strong)
target_compile_definitions(gritd_warnings INTERFACE _GNU_SOURCE GRITD_VERSION="${PROJECT_VERSION}")
target_include_directories(gritd_warnings INTERFACE ${CMAKE_SOURCE_DIR}/daemon)
if(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_options(gritd_warnings INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE)
  target_link_options(gritd_warnings INTERFACE -pie -Wl,-z,relro,-z,now)
endif()
if(GRITD_SANITIZE)
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
