#!/usr/bin/env bash
# Shared libraries that the Python wheels load: installed where that is allowed, named where it is not.
set -euo pipefail
wanted=(libGL.so.1:libgl1 libglib-2.0.so.0:libglib2.0-0)  # opencv loads both
known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p)
missing=()
for pair in "${wanted[@]}"; do
  grep -q "${pair%%:*}" <<<"$known" || missing+=("${pair##*:}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
else
  echo "make: needs the Debian packages ${missing[*]}; as root: apt-get install ${missing[*]}" >&2
  exit 1
fi
