#!/usr/bin/env bash
# System packages: installed where that is allowed, named where it is not. Without an argument the shared libraries that
# the Python wheels load; with `firmware` what builds the servo firmware and emulates its boards; with `browser` what
# looks at the page and at the simulator's window; with `voice` what speaks, for the robot and to it.
set -euo pipefail
missing=()
if [ "${1:-}" = firmware ]; then
  for pair in avr-gcc:gcc-avr avrdude:avrdude gcc:gcc make:make; do
    command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
  done
  [ -e /usr/lib/avr/include/avr/io.h ] || missing+=(avr-libc)
  [ -e /usr/include/simavr/sim_avr.h ] || missing+=(libsimavr-dev)
  [ -e /usr/include/stdio.h ] || missing+=(libc6-dev)
elif [ "${1:-}" = voice ]; then
  command -v flite >/dev/null || missing+=(flite)
  command -v espeak-ng >/dev/null || missing+=(espeak-ng)
elif [ "${1:-}" = browser ]; then
  command -v chromium >/dev/null || missing+=(chromium)
  command -v Xvfb >/dev/null || missing+=(xvfb)
  compgen -G "/usr/lib/*/dri/swrast_dri.so" >/dev/null || missing+=(libgl1-mesa-dri)  # draws without a graphics card
else
  wanted=(libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0)  # opencv loads both
  known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
  for pair in "${wanted[@]}"; do
    grep -q "${pair%%:*}" <<<"$known" || missing+=("${pair##*:}")
  done
fi
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "make: needs the Debian packages ${missing[*]}; as root: apt-get install ${missing[*]}" >&2
  exit 1
fi
