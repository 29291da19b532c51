# One folder is one static library and one layer:
#   latentgrid_layer(name SOURCES a.cpp b.cpp PUBLIC libs... PRIVATE libs...)
# Headers are included as "base/key.hpp" or "plan/job.hpp": relative to src/ or runner/.
add_library(latentgrid_flags INTERFACE)
target_compile_options(latentgrid_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers
  $<$<BOOL:${LATENTGRID_WERROR}>:-Werror>)
if(LATENTGRID_SANITIZE)
  target_compile_options(latentgrid_flags INTERFACE -fsanitize=${LATENTGRID_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(latentgrid_flags INTERFACE -fsanitize=${LATENTGRID_SANITIZE})
endif()
# Floating-point contraction would make results depend on the compiler's choice of fused multiply-adds.
target_compile_options(latentgrid_flags INTERFACE -ffp-contract=off)

function(latentgrid_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(latentgrid_${name} STATIC ${ARG_SOURCES})
  add_library(latentgrid::${name} ALIAS latentgrid_${name})
  target_include_directories(latentgrid_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/runner)
  target_link_libraries(latentgrid_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} latentgrid_flags)
endfunction()

# latentgrid_test(name [OPTIMIZED] [TIMEOUT s] [LABEL label] SOURCES a_test.cpp ... LINK libs...): a GoogleTest program; each
# case becomes a CTest.
# Every *_test.cpp must be named by one of these: tests/CMakeLists.txt checks.
function(latentgrid_test name)
  cmake_parse_arguments(ARG "OPTIMIZED" "TIMEOUT;LABEL" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)  # helpers of different files share names
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  # Optimizing a test takes longer than running it does, but for those with brute-force references. Sanitizers' checks
  # make it take longer still.
  if(LATENTGRID_SANITIZE AND NOT ARG_OPTIMIZED)
    target_compile_options(${name} PRIVATE -O0)
  elseif(NOT ARG_OPTIMIZED)
    target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0>)
  endif()
  target_compile_definitions(${name} PRIVATE
    LATENTGRID_SOURCE_DIR="${PROJECT_SOURCE_DIR}" LATENTGRID_BINARY_DIR="${PROJECT_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main latentgrid_flags)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABEL}")
  foreach(source ${ARG_SOURCES})
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    set_property(GLOBAL APPEND PROPERTY LATENTGRID_TEST_SOURCES ${source})
  endforeach()
endfunction()

# LibTorch takes the system's libblas.so.3, which may be the reference BLAS or OpenBLAS's pthreads build. An old-style RPATH
# is searched for the dependencies of libraries too, so the OpenMP build is found first and the system is left alone.
function(latentgrid_use_openmp_blas program)
  set(openblas_openmp /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp)
  if(EXISTS ${openblas_openmp})
    target_link_options(${program} PRIVATE LINKER:--disable-new-dtags)
    set_target_properties(${program} PROPERTIES BUILD_RPATH ${openblas_openmp} INSTALL_RPATH ${openblas_openmp})
  endif()
endfunction()
