#!/bin/sh
# Make sure that a Chromium is there for the browser tests; install Debian's where that is possible without asking.
for name in "$CHROMIUM" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -d "/Applications/Google Chrome.app" ] && exit 0
command -v apt-get >/dev/null 2>&1 || exit 1
[ "$(id -u)" = 0 ] || exit 1
echo "Installing Chromium for the browser tests ..."
(apt-get install --yes --quiet --no-install-recommends chromium || { apt-get update --quiet && \
    apt-get install --yes --quiet --no-install-recommends chromium; }) >/dev/null 2>&1
command -v chromium >/dev/null 2>&1
