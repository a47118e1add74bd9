import { ok, warning, type Check } from '../diagnosis.js';

const SYNCHRONISED = ['timedatectl', 'show', '--property=NTPSynchronized', '--value'];

/** Whether this machine's clock is kept right: readings of power on other machines are compared by it. */
export const clock: Check = {
  name: 'clock',
  async run({ executor, signal }) {
    const output = await executor.run({ argv: SYNCHRONISED }, signal).catch(() => undefined);
    const said = output?.exit.code === 0 ? output.stdout.trim() : '';
    if (said === 'yes') return [ok('the clock is synchronised')];
    if (said !== 'no') return [ok('nothing here says whether the clock is synchronised')];
    return [
      warning(
        'the clock is not synchronised',
        'Run chrony or systemd-timesyncd: `timedatectl set-ntp true`.',
      ),
    ];
  },
};
