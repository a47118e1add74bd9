/** Part of every report. */
export const DISCLAIMER =
  'Unofficial results. Sweepline is an unofficial reimplementation and is not affiliated with SemiAnalysis. ' +
  'Only the SemiAnalysisAI/InferenceX repository contains the Official InferenceX™ result; all other results are ' +
  'Unofficial. Setups and the quality of machines may differ.';
