import { SweeplineError } from '@sweepline/core';
import type { NewFile } from './file.js';
import { cronText, shellWord, systemdPath, systemdWord } from './quote.js';

export interface LocalOptions {
  /** The workspace's folder. */
  readonly root: string;
  /** Absolute path of Node.js: timers have no PATH of a login. */
  readonly node: string;
  /** When the night begins, as 01:15. */
  readonly at: string;
  /** User that sweeps run as; systemd alone. */
  readonly user: string;
}

const SCRIPT = 'ci/nightly.sh';
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** What the night does, for cron and for systemd. It finds its workspace by itself. */
function script({ node }: LocalOptions): NewFile {
  const folder = node.slice(0, node.lastIndexOf('/')) || '/';
  return {
    path: SCRIPT,
    isProgram: true,
    content: `#!/bin/sh
# Written by \`sweepline ci init\`. Sweeps what was added to the changelog since the last night, judges it, and writes the dashboard.
set -u
PATH=${shellWord(folder)}:$PATH
export PATH
cd -- "$(dirname -- "$0")/.." || exit 1
sweepline() { npx --no sweepline "$@"; }

git pull --ff-only --quiet || exit 1
head=$(git rev-parse HEAD) || exit 1
# The first night has nothing to compare with: what is in the changelog by then counts as swept.
git rev-parse --quiet --verify refs/tags/nightly >/dev/null || { git tag nightly; exit 0; }
[ "$(git rev-parse 'nightly^{commit}')" != "$head" ] || exit 0

night=night-$(date -u +%Y%m%d)
new=ci/nights/$night
sweepline sweep --since nightly --fail-fast --results-dir "$new"
swept=$?
# 0, 1 and 6: every point was measured or failed by itself. After anything else the tag stays where it was.
case $swept in 0 | 1 | 6) ;; *) exit "$swept" ;; esac
if [ ! -d "$new" ]; then
  git tag --force nightly "$head" >/dev/null
  exit 0
fi
sweepline collect "$new" --out "$night" || [ $? -eq 1 ] || exit 1
git tag --force nightly "$head" >/dev/null
rm -rf -- "$new"

judged=0
if [ -f gate.yaml ]; then
  sweepline gate "$night" --confirm
  judged=$?
fi
sweepline dashboard build ci/dashboard || exit 1
exit "$judged"
`,
  };
}

/** @throws {SweeplineError} USAGE */
export function cronFiles(options: LocalOptions): readonly NewFile[] {
  const [hours, minutes] = timeOf(options);
  const path = `${options.root}/${SCRIPT}`;
  const lock = `${options.root}/.git/sweepline-nightly.lock`;
  const command = cronText(`flock --nonblock ${shellWord(lock)} ${shellWord(path)}`);
  return [
    script(options),
    {
      path: 'ci/crontab',
      content: `# Written by \`sweepline ci init\`. Add it to a crontab: (crontab -l; cat ci/crontab) | crontab -
${minutes} ${hours} * * *  ${command}
`,
    },
  ];
}

/** @throws {SweeplineError} USAGE */
export function systemdFiles(options: LocalOptions): readonly NewFile[] {
  timeOf(options);
  const { root, user, at } = options;
  if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user))
    throw new SweeplineError('USAGE', `${JSON.stringify(user)} is no name of a user`, {
      hint: 'Give one: --user bench',
    });
  return [
    script(options),
    {
      path: 'ci/sweepline-nightly.service',
      content: `# Written by \`sweepline ci init\`. Copy it and the timer to /etc/systemd/system, then: systemctl enable --now sweepline-nightly.timer
[Unit]
Description=Sweep of what was added to the changelog
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${user}
WorkingDirectory=${systemdPath(root)}
ExecStart=${systemdWord(`${root}/${SCRIPT}`)}
# Sweepline ends its servers and gives nodes back by itself.
KillMode=mixed
TimeoutStopSec=15min
TimeoutStartSec=infinity
`,
    },
    {
      path: 'ci/sweepline-nightly.timer',
      content: `# Written by \`sweepline ci init\`.
[Unit]
Description=Every night

[Timer]
OnCalendar=*-*-* ${at}
Persistent=true

[Install]
WantedBy=timers.target
`,
    },
  ];
}

function timeOf({ at }: LocalOptions): readonly [string, string] {
  const [, hours, minutes] = TIME.exec(at) ?? [];
  if (hours === undefined || minutes === undefined)
    throw new SweeplineError('USAGE', `${at} is no time of a day`, { hint: 'Give one: --at 01:15' });
  return [hours, minutes];
}
