import { containerFields, optionField, strictFields, z } from '@sweepline/core';

const { flag, template, text, variable } = optionField;

const dockerArgs = z.array(text).default([]).describe('More arguments of `docker run`.');

/** What an entry of configs/clusters.yaml with `launcher: docker` has in addition to the fields of every cluster. */
export const dockerOptions = z.strictObject({
  ...containerFields,
  program: z
    .enum(['docker', 'podman'])
    .default('docker')
    .describe('The container engine: docker, or podman, which takes the same arguments.'),
  'docker-context': text
    .optional()
    .describe("Name of the docker context to use; by default the one that the shell's docker uses."),
  'node-folder': template
    .default('/tmp')
    .describe(
      "Folder for the files of a session on the machine of docker's daemon, if that is another machine; default /tmp.",
    ),
  'agent-image': text
    .optional()
    .describe("Image for Sweepline's agent on another machine, with glibc; by default the plan's first."),
  pull: z
    .enum(['missing', 'always', 'never'])
    .default('missing')
    .describe('When images are pulled: if they are missing, for every server, or never.'),
  'docker-args': dockerArgs,
  strict: z
    .strictObject({
      ...strictFields,
      'docker-args': dockerArgs,
      'pass-env': z
        .array(variable)
        .default([])
        .describe('Variables of the job that containers get, by name.'),
      'image-as-written': flag
        .default(false)
        .describe('The image keeps the # that other tools want after the registry.'),
    })
    .prefault({})
    .describe('What is different with `--compat strict`.'),
});

export type DockerOptions = z.output<typeof dockerOptions>;
