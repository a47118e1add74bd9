/**
 * kW per GPU with its share of host, network and cooling: assumptions of InferenceX's dashboard, none of them measured by it or by us. Its
 * values for B300 and GB300 are those of B200 and GB200.
 */
export const ALL_IN_KW: Readonly<Record<string, number>> = {
  h100: 1.73,
  h200: 1.73,
  b200: 2.17,
  b300: 2.17,
  gb200: 2.1,
  gb300: 2.1,
  mi300x: 1.79,
  mi325x: 2.18,
  mi355x: 2.65,
};

export const ALL_IN_SOURCE = {
  what: 'All-in power per GPU: assumption of InferenceX-app, packages/app/src/lib/constants.ts at 77ca49a',
  url: 'https://github.com/SemiAnalysisAI/InferenceX-app',
  date: '2026-11-25',
} as const;
