import { SweeplineError, type ErrorCode } from '@sweepline/core';

interface Reason {
  readonly words: RegExp;
  readonly code: ErrorCode;
  readonly what: string;
  readonly hint: string;
}

/** Why a container can't be made or started, by what docker, podman and runc say. */
const REASONS: readonly Reason[] = [
  {
    words: /could not select device driver.*gpu|nvidia-container-cli|unresolvable CDI devices/is,
    code: 'NODE_UNFIT',
    what: "the engine can't give GPUs to containers",
    hint: "Install NVIDIA's container toolkit on the node, and restart the engine.",
  },
  {
    words: /gathering device information|error stat'?ing device|no such device/i,
    code: 'NODE_UNFIT',
    what: 'the node lacks a device',
    hint: 'Check that the driver is loaded, and that the SKU of the cluster is right.',
  },
  {
    words: /bind source path does not exist|statfs .* no such file or directory/i,
    code: 'NODE_UNFIT',
    what: 'the node lacks a folder that is mounted',
    hint: 'Make the folder, or correct `hf-cache:`, `mounts:` or `node-folder:` of the cluster.',
  },
  {
    words: /no space left on device|disk quota exceeded/i,
    code: 'NODE_UNFIT',
    what: 'the disk of the engine is full',
    hint: 'Free space there: `docker system df` shows what takes it.',
  },
  {
    words: /unable to find group/i,
    code: 'NODE_UNFIT',
    what: 'neither the node nor the image has a group',
    hint: 'Correct `--group-add` in `docker-args:` of the cluster.',
  },
  {
    words: /exec format error/i,
    code: 'IMAGE_UNAVAILABLE',
    what: 'the programs of the image are for another architecture',
    hint: 'Choose an image of the architecture of the node.',
  },
  {
    words: /executable file not found|exec: .*(?:no such file or directory|permission denied)/is,
    code: 'SERVER_SPAWN_FAILED',
    what: 'the image has no such program',
    hint: "Correct the program's path, or the image.",
  },
  {
    words: /init binary not found|container-init/i,
    code: 'NODE_UNFIT',
    what: 'the engine has no program for --init',
    hint: 'Install catatonit or tini on the node.',
  },
];

/** @param what what was to be run, for people @param words what the engine said */
export function startError(what: string, words: string, node: string, cause?: unknown): SweeplineError {
  const reason = REASONS.find((one) => one.words.test(words));
  const said = words.trim().split('\n').slice(-3).join(' ');
  const because = reason === undefined ? said : `${reason.what}: ${said}`;
  return new SweeplineError(reason?.code ?? 'SERVER_SPAWN_FAILED', `can't start ${what}: ${because}`, {
    where: { node },
    hint: reason?.hint ?? '`sweepline plan --node` prints the command, to be tried by hand.',
    cause,
  });
}
