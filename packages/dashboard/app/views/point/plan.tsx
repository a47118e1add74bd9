import { launchedOf, type LaunchedProcess } from '../../../src/model/launched.js';
import { isMasked, shellLineWithEnv } from '../../../src/model/shell-line.js';
import { textAt } from '../../../src/model/cells.js';
import { useSite } from '../../data/site.js';
import { CopyButton } from '../../parts/copy-button.js';
import { Disclosure } from '../../parts/disclosure.js';
import { JsonTree } from '../../parts/json-tree.js';
import type { PartProps } from './point.js';

/** What was launched: images, arguments, environment, files. */
export function Plan({ row, detail: { plan } }: PartProps) {
  const { points } = useSite();
  if (plan === undefined)
    return (
      <section>
        <h3>Plan</h3>
        <p class="empty">What was launched is not on record.</p>
      </section>
    );
  const { image = textAt(points, 'image', row), prepare, processes } = launchedOf(plan);
  return (
    <section>
      <h3>Plan</h3>
      <p>{image === undefined ? 'It names no image.' : `Image: ${image}`}</p>
      {prepare.map((process, index) => (
        <ProcessPart key={`prepare-${index}`} title={`Before: step ${index + 1}`} process={process} />
      ))}
      {processes.map((process, index) => (
        <ProcessPart key={`process-${index}`} title={titleOf(process)} process={process} />
      ))}
      <Disclosure summary="All of the plan">
        <JsonTree value={plan} />
      </Disclosure>
    </section>
  );
}

function titleOf({ role = 'process', node, devices }: LaunchedProcess): string {
  return [
    role,
    ...(node === undefined ? [] : [`node ${node}`]),
    ...(devices.length === 0 ? [] : [`devices ${devices.join(', ')}`]),
  ].join(', ');
}

function ProcessPart({ title, process }: { readonly title: string; readonly process: LaunchedProcess }) {
  const { argv, env, files, image } = process;
  const masked = Object.entries(env).filter(([, value]) => isMasked(value));
  return (
    <div class="process">
      <h4>{title}</h4>
      {image !== undefined && <p>In a container of {image}</p>}
      <pre class="argv" role="region" aria-label={`Arguments of ${title}, one per line`} tabIndex={0}>
        {argv.join('\n')}
      </pre>
      <p>
        <CopyButton text={shellLineWithEnv(argv, env)} label="Copy as a shell line" />
      </p>
      {masked.length > 0 && (
        <p class="empty">Masked, and not in the line: {masked.map(([name]) => name).join(', ')}.</p>
      )}
      {Object.keys(env).length > 0 && (
        <Disclosure summary={`Environment: ${Object.keys(env).length}`} isOpen>
          <JsonTree value={env} />
        </Disclosure>
      )}
      {Object.entries(files).map(([name, content]) => (
        <Disclosure key={name} summary={`File ${name}`}>
          <pre class="log" role="region" aria-label={`Content of ${name}`} tabIndex={0}>
            {content}
          </pre>
        </Disclosure>
      ))}
    </div>
  );
}
