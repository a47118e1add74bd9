# What these stand-ins have in common: eight GPUs that draw a constant power each, and faults, which are files in a folder.

number=$(uname -n)
case $number in n[1-9]) number=${number#n} ;; *) number=0 ;; esac

# Sets `watts` to what a GPU draws: no two of a check's nodes have the same.
power() { watts=$((100 + 10 * $1 + 100 * number)); }

# Whether a fault is planted; sets `fault` to what its file says, such as the GPU that it is about.
planted() {
  fault=
  [ -n "${SWEEPLINE_CHECK_FAULTS:-}" ] && [ -e "$SWEEPLINE_CHECK_FAULTS/$1" ] || return 1
  read -r fault <"$SWEEPLINE_CHECK_FAULTS/$1" || :
}

# Whether a GPU has no power in this one reading.
powerless() {
  planted no-power && [ "$fault" = "$1" ] && rm "$SWEEPLINE_CHECK_FAULTS/no-power"
}

# Calls a function with the number of each GPU that is there.
each() {
  gone=
  ! planted gone || gone=$fault
  for gpu in 0 1 2 3 4 5 6 7; do
    [ "$gpu" = "$gone" ] || "$1" "$gpu"
  done
}
