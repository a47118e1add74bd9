import { z } from 'zod';
import { flag, text } from './common.js';

const INTERFACE = /^[^\s,=^/]{1,15}$/;
const RDMA_DEVICE = /^\w+(?::\d+)?$/;

const interfaceName = text.regex(INTERFACE, { error: 'expected the name of an interface, such as eth0' });
const rdmaDevice = text.regex(RDMA_DEVICE, { error: 'expected an RDMA device, such as mlx5_0 or mlx5_0:1' });

/** How the nodes of a cluster reach each other. */
export const fabricSchema = z
  .strictObject({
    rdma: flag.describe(
      'Whether data between nodes is meant to go by RDMA. A result that went by TCP instead is invalid then.',
    ),
    interfaces: z
      .array(interfaceName)
      .min(1, { error: 'expected at least one interface' })
      .optional()
      .describe('IP interfaces between nodes, such as eth0; the libraries choose where it is missing.'),
    devices: z
      .array(rdmaDevice)
      .min(1, { error: 'expected at least one device' })
      .optional()
      .describe('RDMA devices between nodes, with their port if it is not 1: mlx5_0, mlx5_1:2.'),
    imex: flag
      .default(false)
      .describe('Whether GPUs of several nodes share memory over NVLink by an IMEX channel, as in NVL72.'),
  })
  .refine(({ rdma, devices }) => rdma || devices === undefined, {
    error: 'expected no RDMA devices, as rdma is false',
    path: ['devices'],
  })
  .describe('How its nodes reach each other: which networks libraries use, and what containers get for it.');

export type Fabric = Readonly<z.output<typeof fabricSchema>>;
