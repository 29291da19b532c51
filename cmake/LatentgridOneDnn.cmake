# The oneDNN that LibTorch itself is linked with, as the target oneDNN: Debian's. Others carry one inside, which a second
# would get in the way of; then there is no such target. (oneDNN's own CMake package asks for OpenCL, which we don't use.)
# oneDNN 3 has no Winograd kernels any more, so both the header and the library have to be those of oneDNN 2. Without
# the target, or with LATENTGRID_ONEDNN_WINOGRAD=OFF, our own kernels are used.
option(LATENTGRID_ONEDNN_WINOGRAD "Take oneDNN's Winograd convolutions where LibTorch is linked with oneDNN 2" ON)
find_library(LATENTGRID_ONEDNN_LIBRARY libdnnl.so.2)
find_path(LATENTGRID_ONEDNN_INCLUDE oneapi/dnnl/dnnl_version.h)
mark_as_advanced(LATENTGRID_ONEDNN_LIBRARY LATENTGRID_ONEDNN_INCLUDE)
find_library(torch_cpu_library torch_cpu HINTS ${TORCH_INSTALL_PREFIX}/lib NO_CACHE)  # another Torch_DIR has another

if(LATENTGRID_ONEDNN_WINOGRAD AND LATENTGRID_ONEDNN_LIBRARY AND LATENTGRID_ONEDNN_INCLUDE AND torch_cpu_library)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${torch_cpu_library} OUTPUT_VARIABLE needs ERROR_QUIET)
  file(STRINGS ${LATENTGRID_ONEDNN_INCLUDE}/oneapi/dnnl/dnnl_version.h version REGEX "define DNNL_VERSION_MAJOR +2$")
  if(needs MATCHES "NEEDED +libdnnl\\.so\\.2" AND version)
    add_library(oneDNN SHARED IMPORTED)
    set_target_properties(oneDNN PROPERTIES IMPORTED_LOCATION ${LATENTGRID_ONEDNN_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${LATENTGRID_ONEDNN_INCLUDE})
  endif()
endif()
if(TARGET oneDNN)
  message(STATUS "Winograd convolutions: oneDNN's, ${LATENTGRID_ONEDNN_LIBRARY}")
else()
  message(STATUS "Winograd convolutions: our own")
endif()
