import { numberAt } from '../../../src/model/cells.js';
import { numberText } from '../../../src/model/number-text.js';
import { pointRoofline, type PointRoofline } from '../../../src/model/roofline/point-roofline.js';
import { ROOFLINE_ASSUMPTIONS } from '../../../src/model/roofline/roofline.js';
import { useSite } from '../../data/site.js';
import { WebLink } from '../../parts/web-link.js';
import type { PartProps } from './point.js';

/** Which share of the hardware's bound it reaches; nothing where a fact of model or hardware is missing. */
export function RooflineShare({ row, detail }: PartProps) {
  const { index, points } = useSite();
  const roofline = pointRoofline(points, row, index.hardware, detail.metrics['tput_per_gpu']);
  if (roofline === undefined) return null;
  const { share, facts } = roofline;
  return (
    <section>
      <h3>Share of the roofline</h3>
      {share > 1 && (
        <p role="alert">
          More than the hardware can do by these facts: a fact, or the measurement, is wrong. Do not use it.
        </p>
      )}
      <p>
        <strong>{shareText(roofline)}</strong> of {numberText(Math.round(roofline.totalPerDevice))} input and
        output tokens/s per device, the bound that its {roofline.boundBy} sets at concurrency{' '}
        {numberText(numberAt(points, 'conc', row) ?? NaN)}.
      </p>
      <details>
        <summary>Formula and assumptions</summary>
        <p>{ROOFLINE_ASSUMPTIONS}</p>
        <p>
          Bound = (1 + ISL/OSL) / (max(reading, computing) / batch + ISL/OSL × FLOP per token / peak). Here:{' '}
          {numberText(Number(roofline.distinctExperts.toPrecision(3)))} of {numberText(facts.experts)} experts
          per layer are read in a step, {roofline.bytesPerParameter} bytes per parameter,{' '}
          {numberText(roofline.peak / 1e12)} dense TFLOP/s per device. {facts.name}: {facts.source.what},{' '}
          <WebLink address={facts.source.url} />, read {facts.source.date}.
        </p>
      </details>
    </section>
  );
}

export function shareText({ share }: PointRoofline): string {
  return `${numberText(Number((100 * share).toPrecision(3)))} %`;
}
