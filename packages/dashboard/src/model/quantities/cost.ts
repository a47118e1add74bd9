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

const NAMES = { total: 'tokens', output: 'output tokens', input: 'input tokens' } as const;

const charged = (tokens: Tokens): string =>
  tokens === 'total' ? '' : ` ${ALL_DEVICES} The other tokens are free in it.`;

/** Tokens that a device makes in an hour, of which a dollar buys a share. */
function tokensPerDollar(tokens: Tokens, point: PointNumbers): number | undefined {
  const perSecond = perAnyDevice(tokens, point);
  const usdPerHour = positive(point.usdPerHour);
  return perSecond === undefined || usdPerHour === undefined ? undefined : (perSecond * 3600) / usdPerHour;
}

function perMillion(tokens: Tokens): Quantity {
  return {
    key: `usd_per_m_${tokens}`,
    label: `Cost per million ${NAMES[tokens]}`,
    ...{ unit: '$/M tokens', better: 'lower', group: 'cost', assumes: 'price' },
    definition: `USD per device-hour / (tokens/s per device × 3600 / 1,000,000) (InferenceX-app, chart-utils.ts).${charged(tokens)}`,
    metrics: [PER_DEVICE[tokens]],
    of: (point) => {
      const count = tokensPerDollar(tokens, point);
      return count === undefined ? undefined : 1e6 / count;
    },
  };
}

function perDollar(tokens: Tokens): Quantity {
  return {
    key: `${tokens}_per_usd`,
    label: `${NAMES[tokens].charAt(0).toUpperCase()}${NAMES[tokens].slice(1)} per dollar`,
    ...{ unit: 'tokens/$', better: 'higher', group: 'cost', assumes: 'price' },
    definition: `Tokens/s per device × 3600 / USD per device-hour (Sweepline).${charged(tokens)}`,
    metrics: [PER_DEVICE[tokens]],
    of: (point) => tokensPerDollar(tokens, point),
  };
}

const PER_REQUEST: Quantity = {
  ...{ key: 'usd_per_request', label: 'Cost per request', unit: '$/request' },
  ...{ better: 'lower', group: 'cost', assumes: 'price' },
  definition:
    'Cost per token, input and output alike, × (ISL + OSL): all devices, a request of the nominal lengths (Sweepline).',
  metrics: [PER_DEVICE.total],
  of: (point) => {
    const count = tokensPerDollar('total', point);
    const { isl, osl } = point;
    return count === undefined || isl === undefined || osl === undefined ? undefined : (isl + osl) / count;
  },
};

export const COST: readonly Quantity[] = [...TOKENS.map(perMillion), ...TOKENS.map(perDollar), PER_REQUEST];
