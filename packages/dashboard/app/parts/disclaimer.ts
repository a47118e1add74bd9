/** As in every report of Sweepline. */
export const DISCLAIMER =
  'Sweepline is an unofficial reimplementation and not affiliated with SemiAnalysis. Only the SemiAnalysisAI/InferenceX repository contains the Official InferenceX™ result; all other results are Unofficial. Setups and machine quality may differ.';
