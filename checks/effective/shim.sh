#!/bin/sh
# Wraps an engine's program and starts it with other settings than the plan's: $SHIM_UNSET names variables to remove,
# $SHIM_DROP arguments to leave out (NAME= also drops the value after it), $SHIM_APPEND arguments to add. Words are
# separated by blanks. $SHIM_PROGRAM is the program to start; without the text $SHIM_ONLY in its command line, nothing
# is changed.
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
