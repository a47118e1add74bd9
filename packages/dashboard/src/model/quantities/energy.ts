import {
  ALL_DEVICES,
  PER_DEVICE,
  perAnyDevice,
  positive,
  TOKENS,
  type PointNumbers,
  type Quantity,
  type Tokens,
} from './quantity.js';

const NAMES = { total: 'token', output: 'output token', input: 'input token' } as const;

const MEASURED = {
  total: 'joules_per_total_token',
  output: 'joules_per_output_token',
  input: 'joules_per_input_token',
} as const;

const FROM_TELEMETRY =
  'Energy of the devices over the load, from their own readings, / tokens; without host, network and cooling (InferenceX, aggregate_power.py).';

const provisionedText = (tokens: Tokens): string =>
  `All-in W per device / tokens/s per device: what is provisioned, not what was drawn (InferenceX-app, chart-utils.ts).${tokens === 'total' ? '' : ` ${ALL_DEVICES}`}`;

function measuredOf(tokens: Tokens, { metric }: PointNumbers): number | undefined {
  // 0 is what a reader of power that does not work reports.
  return metric('power_valid') === 0 ? undefined : positive(metric(MEASURED[tokens]));
}

function provisionedOf(tokens: Tokens, point: PointNumbers): number | undefined {
  const perSecond = perAnyDevice(tokens, point);
  return perSecond === undefined || point.watts === undefined ? undefined : point.watts / perSecond;
}

const ENERGY_OF = { unit: 'J/token', better: 'lower', group: 'energy' } as const;

function measured(tokens: Tokens): Quantity {
  return {
    ...{ key: `j_per_${tokens}_measured`, label: `Energy per ${NAMES[tokens]}, measured`, ...ENERGY_OF },
    ...{ definition: FROM_TELEMETRY, metrics: [MEASURED[tokens], 'power_valid'] },
    of: (point) => measuredOf(tokens, point),
  };
}

function provisioned(tokens: Tokens): Quantity {
  return {
    ...{ key: `j_per_${tokens}_provisioned`, label: `Energy per ${NAMES[tokens]}, provisioned` },
    ...{ ...ENERGY_OF, assumes: 'power', definition: provisionedText(tokens), metrics: [PER_DEVICE[tokens]] },
    of: (point) => provisionedOf(tokens, point),
  };
}

/** Which of both a point has is in `basisOf`, and is to be shown with it. */
function either(tokens: Tokens): Quantity {
  return {
    key: `j_per_${tokens}`,
    label: `Energy per ${NAMES[tokens]}, measured or else provisioned`,
    ...{ ...ENERGY_OF, assumes: 'power' },
    definition: `Measured where there is telemetry: ${FROM_TELEMETRY} Else provisioned: ${provisionedText(tokens)} They don't count the same: each point says which it has.`,
    metrics: [MEASURED[tokens], 'power_valid', PER_DEVICE[tokens]],
    of: (point) => measuredOf(tokens, point) ?? provisionedOf(tokens, point),
    basisOf: (point) => {
      if (measuredOf(tokens, point) !== undefined) return 'measured';
      return provisionedOf(tokens, point) === undefined ? undefined : 'provisioned';
    },
  };
}

export const ENERGY: readonly Quantity[] = [
  ...TOKENS.map(either),
  ...TOKENS.map(measured),
  ...TOKENS.map(provisioned),
];
