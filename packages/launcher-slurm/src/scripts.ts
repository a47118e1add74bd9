/* What nodes' own shells run. These texts are constant: whatever differs comes as an argument. */

/** A script, for `sh`, under a name for its messages; its arguments come after. */
export function shell(script: string, name: string): readonly string[] {
  return ['sh', '-c', script, `sweepline-${name}`];
}

/**
 * Makes a folder that is the user's alone, and prints `missing` where not all of the files are there. A folder of this name in /tmp
 * may be another user's, who would then choose what is run. Arguments: the folder, the files.
 */
export const LOOK = `
base=$1; shift
mkdir -m 700 -p "$base" || exit
if [ -L "$base" ] || [ ! -O "$base" ]; then echo "$base belongs to another user" >&2; exit 3; fi
for file; do [ -s "$file" ] || { echo missing; exit; }; done`;

/**
 * Unpacks what comes by stdin into a folder, which appears when it is complete. Arguments: the folder, a name that nobody else has, the
 * files.
 */
export const INSTALL = `
folder=$1; part=$1.$2.$SLURMD_NODENAME; shift 2
missing=
for file; do [ -s "$file" ] || missing=1; done
[ -n "$missing" ] || exec cat > /dev/null
trap 'rm -rf "$part" "$part.old"' EXIT
mkdir "$part" && tar -x -C "$part" || exit
if [ -e "$folder" ]; then mv -T "$folder" "$part.old"; fi
mv -T "$part" "$folder" || [ -e "$folder" ]`;

/** What `HOLD` prints when the folders are there. */
export const HELD = 'held';

/**
 * Makes a folder and those inside of it, says that they are there, and removes it when it is told to end, or when nobody is left who
 * could: its stdin ends then. A folder that is there already must have this session's mark, from another node, which removes it.
 * Arguments: the mark, the folder, those inside.
 */
export const HOLD = `
mark=$1; root=$2; shift
mkdir -p "\${root%/*}" || exit
if said=$(mkdir -m 700 "$root" 2>&1); then
  trap 'rm -rf "$root" || { sleep 1; rm -rf "$root"; }' EXIT
  trap 'exit 0' TERM INT HUP
  : > "$root/$mark"
elif [ ! -e "$root/$mark" ]; then echo "$said" >&2; exit 1
fi
mkdir -p "$@" && echo ${HELD} || exit
while read -r _; do :; done`;

/**
 * Becomes a program without what Slurm says of the step: engines, and srun itself, would take it for their own. Arguments: the program
 * and its own.
 */
export const WITHOUT_STEP = `
for name in $(env | sed -n 's/^\\(\\(SLURM\\|SLURMD\\|SRUN\\|PMI[A-Z0-9]*\\)_[A-Z0-9_]*\\)=.*/\\1/p'); do
  [ "$name" = SLURM_CONF ] || unset "$name"
done
exec "$@"`;

/**
 * Becomes a program whose output goes to a file; that it has begun to is shown by another file. Arguments: that one; the log, whose
 * {rank} is the step's, or nothing where the output is srun's; the program and its own.
 */
export const RUN = `
begun=$1; log=$2; shift 2
: > "$begun"
[ -n "$log" ] || exec "$@"
case $log in *'{rank}'*) log=\${log%%'{rank}'*}$SLURM_PROCID\${log#*'{rank}'} ;; esac
umask=$(umask); umask 077; mkdir -p "\${log%/*}"; : >> "$log"; umask "$umask"
exec "$@" >> "$log" 2>&1`;
