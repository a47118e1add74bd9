import { z } from 'zod';

export const TELEMETRY_SCHEMA = 'sweepline.telemetry/1';

const time = z
  .number()
  .describe('Milliseconds since the Unix epoch by the clock of the machine that Sweepline runs on.');

const usedDevice = z.object({ node: z.string(), device: z.number().int(), role: z.string() });

const header = z
  .object({
    schema: z.literal(TELEMETRY_SCHEMA),
    source: z.string().optional().describe('The tool and the field that power is read from.'),
    counterSource: z.string().optional().describe("The same of the driver's energy counter."),
    devices: z.array(usedDevice).describe('Devices of the processes under load.'),
  })
  .describe('First line.');

const clock = z
  .object({
    node: z
      .string()
      .describe('The machine that the client runs on, whose clock the measured window is given in.'),
    offsetMs: z
      .number()
      .optional()
      .describe('How far its clock is ahead; missing where it could not be read.'),
    uncertaintyMs: z.number().optional().describe('Half the time that the question took.'),
  })
  .describe('Comparison of two clocks, before and after the load.');

const sample = z
  .object({
    node: z.string(),
    unixMs: time,
    device: z.number().int(),
    powerW: z.number().optional(),
    energyJ: z.number().optional(),
    memoryUsedGiB: z.number().optional(),
  })
  .describe('A reading of one device.');

export type UsedDevice = Readonly<z.output<typeof usedDevice>>;
export type ClockComparison = Readonly<z.output<typeof clock>>;
export type DeviceSample = Readonly<z.output<typeof sample>>;

/** Readings of the devices during a load, and what is needed to compute energy from them. */
export interface Readings {
  readonly source?: string;
  readonly counterSource?: string;
  readonly devices: readonly UsedDevice[];
  readonly clocks: readonly ClockComparison[];
  /** In order of arrival. */
  readonly samples: readonly DeviceSample[];
}

/**
 * The content of telemetry.ndjson; undefined without its first line. Lines that are cut off, or of another kind, are left out.
 */
export function decodeReadings(text: string): Readings | undefined {
  const lines = text.split('\n').flatMap(parsed);
  const [first] = lines.flatMap((line) => header.safeParse(line).data ?? []);
  if (first === undefined) return undefined;
  const compared = z.object({ clock });
  const { source, counterSource, devices } = first;
  return {
    ...(source !== undefined && { source }),
    ...(counterSource !== undefined && { counterSource }),
    devices,
    clocks: lines.flatMap((line) => compared.safeParse(line).data?.clock ?? []),
    samples: lines.flatMap((line) => sample.safeParse(line).data ?? []),
  };
}

function parsed(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
