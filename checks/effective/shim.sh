#!/bin/sh
# Stands before an engine's program and starts it otherwise than the plan says: $SHIM_UNSET names variables that are dropped,
# $SHIM_DROP arguments that are left out (with the value behind them, where one is given as NAME=), $SHIM_APPEND arguments
# that are added. Words are parted by blanks. $SHIM_PROGRAM is what is started; $SHIM_ONLY, a text that its command line
# must have for any of it.
case "$*" in
  *"$SHIM_ONLY"*) ;;
  *) exec "$SHIM_PROGRAM" "$@" ;;
esac
for name in $SHIM_UNSET; do unset "$name"; done
count=$#
while [ "$count" -gt 0 ]; do
  word=$1
  shift
  count=$((count - 1))
  keep=yes
  for drop in $SHIM_DROP; do
    if [ "$word" = "$drop" ]; then keep=no; fi
    if [ "$word=" = "$drop" ]; then keep=no; shift; count=$((count - 1)); fi
  done
  if [ "$keep" = yes ]; then set -- "$@" "$word"; fi
done
# shellcheck disable=SC2086
exec "$SHIM_PROGRAM" "$@" $SHIM_APPEND
