import type { SiteHardware } from '../../../src/site/site-data.js';

const DEVICE = 10;
const GAP = 3;
const PAD = 7;
/** Devices of a node stand in rows of at most so many, nodes of a domain in rows of at most `NODES_PER_ROW`. */
const DEVICES_PER_ROW = 4;
const NODES_PER_ROW = 6;
/** More than this is said, and not drawn. */
const MOST_NODES = 36;

/** A domain in which devices reach each other directly, its nodes and their devices, as a small drawing. */
export function Topology({ hardware }: { readonly hardware: SiteHardware }) {
  const { interconnect, devicesPerNode } = hardware;
  const words = topologyWords(hardware);
  if (interconnect === undefined) return <p>{words}</p>;
  const nodes = Math.max(1, Math.ceil(interconnect.domain / devicesPerNode));
  if (nodes > MOST_NODES || devicesPerNode > 64) return <p>{words}</p>;
  const columns = Math.min(nodes, NODES_PER_ROW);
  const rows = Math.ceil(nodes / columns);
  const perRow = Math.min(devicesPerNode, DEVICES_PER_ROW);
  const nodeWidth = perRow * (DEVICE + GAP) - GAP + 2 * PAD;
  const nodeHeight = Math.ceil(devicesPerNode / perRow) * (DEVICE + GAP) - GAP + 2 * PAD;
  const width = columns * (nodeWidth + GAP * 2) + 2 * PAD;
  const height = rows * (nodeHeight + GAP * 2) + 2 * PAD;
  return (
    <figure class="topology">
      <svg width={width} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
        <rect class="domain" x={1} y={1} width={width - 2} height={height - 2} rx={6} />
        {Array.from({ length: nodes }, (_, node) => {
          const left = PAD + GAP + (node % columns) * (nodeWidth + GAP * 2);
          const top = PAD + GAP + Math.floor(node / columns) * (nodeHeight + GAP * 2);
          return (
            <g key={node}>
              <rect class="node" x={left} y={top} width={nodeWidth} height={nodeHeight} rx={3} />
              {Array.from({ length: devicesPerNode }, (_device, device) => (
                <rect
                  key={device}
                  class={node * devicesPerNode + device < interconnect.domain ? 'device' : 'device outside'}
                  x={left + PAD + (device % perRow) * (DEVICE + GAP)}
                  y={top + PAD + Math.floor(device / perRow) * (DEVICE + GAP)}
                  width={DEVICE}
                  height={DEVICE}
                />
              ))}
            </g>
          );
        })}
      </svg>
      <figcaption>{words}</figcaption>
    </figure>
  );
}

function topologyWords({ interconnect, devicesPerNode }: SiteHardware): string {
  const node = `${devicesPerNode} ${devicesPerNode === 1 ? 'device' : 'devices'} per node`;
  if (interconnect === undefined) return `${node}; how they reach each other is not known.`;
  const { name, gBps, domain } = interconnect;
  const nodes = Math.ceil(domain / devicesPerNode);
  const over = nodes > 1 ? `${domain} devices of ${nodes} nodes` : `${domain} devices of a node`;
  return `${node}; one domain is ${over} over ${name}, each sends ${gBps} GB/s.`;
}
