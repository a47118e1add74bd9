/** Says what numbers of a site are not: on every page, and in each file for machines that has words. */
export const DISCLAIMER =
  'Sweepline is an unofficial reimplementation and not affiliated with SemiAnalysis. Only the SemiAnalysisAI/InferenceX repository contains the Official InferenceX™ result; all other results are Unofficial. Setups and machine quality may differ.';
