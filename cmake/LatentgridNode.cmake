# Node packages, pinned by a package-lock.json and installed into the build folder: the source tree stays as it is.
find_program(LATENTGRID_NODE NAMES node nodejs)
find_program(LATENTGRID_NPM npm)
if(NOT LATENTGRID_NODE OR NOT LATENTGRID_NPM)
  message(FATAL_ERROR "The page of `latentgrid report` is built with Node: npm is missing. On Debian: apt-get install nodejs npm")
endif()

# latentgrid_node_modules(stamp source folder): installs what the lock file in `source` names into
# <folder>/node_modules; `stamp` is the file that depends on it.
function(latentgrid_node_modules stamp source folder)
  set(file ${folder}/node_modules/.installed)
  add_custom_command(OUTPUT ${file}
    COMMAND ${CMAKE_COMMAND} -DNPM=${LATENTGRID_NPM} -DSOURCE=${source} -DFOLDER=${folder} -DSTAMP=${file}
      -P ${PROJECT_SOURCE_DIR}/cmake/NpmInstall.cmake
    DEPENDS ${source}/package.json ${source}/package-lock.json ${PROJECT_SOURCE_DIR}/cmake/NpmInstall.cmake
    COMMENT "Installing Node packages of ${source}" VERBATIM)
  set(${stamp} ${file} PARENT_SCOPE)
endfunction()
