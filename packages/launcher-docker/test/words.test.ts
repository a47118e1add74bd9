import { expect, it } from 'vitest';
import { imageError } from '../src/image-errors.js';
import { startError } from '../src/start-errors.js';
import { withGroupNumbers, withoutGroups } from '../src/groups.js';

/** As docker 20.10 and 28.2, podman 4.3 and registries say it. */
const IMAGES: readonly (readonly [words: string, what: RegExp, again: boolean])[] = [
  [
    'Error response from daemon: manifest for 127.0.0.1:15000/engine:none not found: manifest unknown: manifest unknown',
    /no such image/,
    false,
  ],
  [
    'Error: initializing source docker://127.0.0.1:15000/e:0: reading manifest 0 in 127.0.0.1:15000/e: manifest unknown: manifest unknown',
    /no such image/,
    false,
  ],
  [
    "Error response from daemon: pull access denied for org/none, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    /does not exist, or needs a login/,
    false,
  ],
  [
    'Error response from daemon: unauthorized: authentication required',
    /does not let this user have it/,
    false,
  ],
  [
    'Error response from daemon: Get "http://127.0.0.1:15999/v2/": dial tcp 127.0.0.1:15999: connect: connection refused',
    /out of reach/,
    true,
  ],
  [
    'Error response from daemon: Get "https://sweepline.invalid/v2/": dial tcp: lookup sweepline.invalid: no such host',
    /out of reach/,
    true,
  ],
  [
    'toomanyrequests: You have reached your unauthenticated pull rate limit.',
    /answers no more requests/,
    true,
  ],
  [
    'failed to register layer: Error processing tar file(exit status 1): write /x: no space left on device',
    /disk .* full/,
    false,
  ],
  ['no matching manifest for linux/arm64/v8 in the manifest list entries', /platform/, false],
];

it('tells apart why an image can’t be had, and whether another try may help', () => {
  for (const [words, what, again] of IMAGES) {
    const error = imageError('org/e:1', words, 'n1');
    expect(error).toMatchObject({ code: 'IMAGE_UNAVAILABLE', again, where: { node: 'n1' } });
    expect(error.message).toMatch(what);
  }
});

it('gives the engine’s own words where it knows no reason', () => {
  const error = imageError('org/e:1', 'a\nb\nc\nsomething new\n', 'n1');
  expect(error.message).toBe('no image org/e:1: b c something new');
  expect(error.again).toBeUndefined();
});

it('tells apart why a container can’t be started', () => {
  const codeOf = (words: string) => startError('it', words, 'n1').code;
  expect(codeOf('could not select device driver "" with capabilities: [[gpu]]')).toBe('NODE_UNFIT');
  expect(
    codeOf(
      'error gathering device information while adding custom device "/dev/kfd": no such file or directory',
    ),
  ).toBe('NODE_UNFIT');
  expect(codeOf('invalid mount config for type "bind": bind source path does not exist: /nowhere')).toBe(
    'NODE_UNFIT',
  );
  expect(
    codeOf('OCI runtime create failed: exec: "serve": executable file not found in $PATH: unknown'),
  ).toBe('SERVER_SPAWN_FAILED');
  expect(codeOf('exec /usr/bin/serve: exec format error')).toBe('IMAGE_UNAVAILABLE');
  expect(codeOf('something new')).toBe('SERVER_SPAWN_FAILED');
});

it('gives groups by the numbers of the machine', () => {
  const args = ['--group-add=video', '--group-add', 'render', '--group-add=none', '-e', 'video'];
  expect(withGroupNumbers(args, 'root:x:0:\nvideo:x:44:a,b\nrender:x:109:\n')).toEqual([
    ...['--group-add=44', '--group-add', '109', '--group-add=none', '-e', 'video'],
  ]);
});

it('leaves groups out where root needs none', () => {
  const args = ['--device=/dev/kfd', '--group-add=video', '--group-add', 'render', '-e', 'A'];
  expect(withoutGroups(args)).toEqual(['--device=/dev/kfd', '-e', 'A']);
});
