# The oneDNN that LibTorch itself is linked with, as the target oneDNN: Debian's. Others carry one inside, which a second
# would get in the way of; then there is no such target. (oneDNN's own CMake package asks for OpenCL, which we don't use.)
find_library(LATENTGRID_ONEDNN_LIBRARY dnnl)
find_path(LATENTGRID_ONEDNN_INCLUDE dnnl.hpp)
find_library(LATENTGRID_TORCH_CPU_LIBRARY torch_cpu HINTS ${TORCH_INSTALL_PREFIX}/lib)
mark_as_advanced(LATENTGRID_ONEDNN_LIBRARY LATENTGRID_ONEDNN_INCLUDE LATENTGRID_TORCH_CPU_LIBRARY)

if(LATENTGRID_ONEDNN_LIBRARY AND LATENTGRID_ONEDNN_INCLUDE AND LATENTGRID_TORCH_CPU_LIBRARY)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${LATENTGRID_TORCH_CPU_LIBRARY} OUTPUT_VARIABLE needs ERROR_QUIET)
  # oneDNN 3 has another interface.
  if(needs MATCHES "NEEDED +libdnnl\\.so\\.2")
    add_library(oneDNN SHARED IMPORTED)
    set_target_properties(oneDNN PROPERTIES IMPORTED_LOCATION ${LATENTGRID_ONEDNN_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${LATENTGRID_ONEDNN_INCLUDE})
  endif()
endif()
if(TARGET oneDNN)
  message(STATUS "oneDNN's Winograd convolutions: ${LATENTGRID_ONEDNN_LIBRARY}")
else()
  message(STATUS "oneDNN's Winograd convolutions: none, as LibTorch is not linked with a libdnnl.so.2 whose header is here")
endif()
