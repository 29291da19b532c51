# cmake -DSOURCE=<root> -DVERSION=<version> -DTEMPLATE=<in> -DOUTPUT=<out> -P WriteVersion.cmake
# Runs at every build; the file is written only when it changes.
set(LATENTGRID_VERSION ${VERSION})
set(LATENTGRID_COMMIT unknown)
find_program(GIT git)
# Only where this project is the checkout itself: an unpacked archive inside some other repository has no commit.
if(GIT AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --abbrev=40 --match= --dirty
    OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(LATENTGRID_COMMIT ${described})
  endif()
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)
