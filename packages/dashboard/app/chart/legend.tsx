import './legend.css';
import { colourOf, cornersOf, shapeOf } from './looks.js';
import { useTheme } from './use-theme.js';

export interface LegendEntry {
  readonly key: string;
  readonly name: string;
  readonly look: number;
  /** Such as its score. */
  readonly note?: string;
  readonly isShown: boolean;
  readonly isSolo: boolean;
}

export interface LegendProps {
  readonly entries: readonly LegendEntry[];
  /** Shows this one alone, or all again. */
  readonly onSolo: (key: string) => void;
  readonly onHide: (key: string) => void;
  readonly onRaise: (key: string | undefined) => void;
}

/** Series of a chart: their names show one alone, the boxes before them hide one. */
export function Legend({ entries, onSolo, onHide, onRaise }: LegendProps) {
  return (
    <ul class="legend" aria-label="Series" onMouseLeave={() => onRaise(undefined)}>
      {entries.map(({ key, name, look, note, isShown, isSolo }) => (
        <li
          key={key}
          class={isShown ? undefined : 'is-hidden'}
          onMouseEnter={() => onRaise(isShown ? key : undefined)}
        >
          <input type="checkbox" checked={isShown} aria-label={`Show ${name}`} onChange={() => onHide(key)} />
          <button type="button" class="legend-name" aria-pressed={isSolo} onClick={() => onSolo(key)}>
            <Swatch look={look} />
            <span>{name}</span>
          </button>
          {note !== undefined && <span class="legend-note">{note}</span>}
        </li>
      ))}
    </ul>
  );
}

/** The mark of a series. */
export function Swatch({ look }: { readonly look: number }) {
  const theme = useTheme();
  const shape = shapeOf(look);
  const corners = cornersOf(shape, 5);
  const fill = colourOf(look, theme);
  return (
    <svg class="series-mark" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
      {shape === 'circle' ? (
        <circle r="5" fill={fill} />
      ) : (
        <polygon points={corners.map((corner) => corner.join(',')).join(' ')} fill={fill} />
      )}
    </svg>
  );
}
