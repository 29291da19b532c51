# cmake -DNPM=<npm> -DSOURCE=<folder of package-lock.json> -DFOLDER=<where to install> -DSTAMP=<out> -P NpmInstall.cmake
file(MAKE_DIRECTORY ${FOLDER})
file(COPY ${SOURCE}/package.json ${SOURCE}/package-lock.json DESTINATION ${FOLDER})
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --no-update-notifier --include=prod --include=optional --loglevel=error
  WORKING_DIRECTORY ${FOLDER} RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "npm could not install the packages of ${SOURCE}/package-lock.json (its message is above). "
    "They come from npm's registry, so the first build needs the network.")
endif()
file(TOUCH ${STAMP})
