import { html, type Markup } from './markup.js';

type Heading = string | { readonly text: string; readonly numeric: boolean };

export function heading(text: string, numeric: boolean): Heading {
  return { text, numeric };
}

function columnHeader(header: Heading): Markup {
  if (typeof header === 'string') return html`<th scope="col">${header}</th>`;
  return html`<th scope="col" class="${header.numeric ? 'number' : 'words'}">${header.text}</th>`;
}

export function table(
  caption: string,
  headers: readonly Heading[],
  rows: readonly (readonly Markup[])[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${headers.map(columnHeader)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (cells) =>
            html`<tr>
              ${cells}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
