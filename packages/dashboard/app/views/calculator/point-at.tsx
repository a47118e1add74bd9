import type { CalculatorPoint } from '../../../src/model/calculator.js';
import { textAt } from '../../../src/model/cells.js';
import { numberText, withUnit } from '../../../src/model/number-text.js';
import type { Quantity } from '../../../src/model/quantities.js';
import type { TableData } from '../../../src/site/table.js';
import { pointLink } from '../../state/links.js';

/** A measured point by its numbers, with a link to its page. */
export function PointAt({ points, x, point }: PointAtProps) {
  return (
    <a
      href={pointLink(textAt(points, 'run', point.row) ?? '', textAt(points, 'point', point.row) ?? '')}
      class="whole"
    >
      {withUnit(point.x, x.unit)} ({numberText(point.y)} tok/s/device)
    </a>
  );
}

interface PointAtProps {
  readonly points: TableData;
  readonly x: Quantity;
  readonly point: CalculatorPoint;
}
