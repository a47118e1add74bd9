import { useEffect, useState } from 'preact/hooks';

/** Copies a text, and says whether it did. */
export function CopyButton({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }) {
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(''), [text]);
  return (
    <span class="copy">
      <button type="button" onClick={() => void copyText(text).then((is) => setSaid(is ? 'Copied' : FAILED))}>
        {label}
      </button>{' '}
      <span role="status">{said}</span>
    </span>
  );
}

const FAILED = 'The browser allows no copy: select the text';

/** Pages that were opened from `file://` may have no clipboard; the old command works there. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

function copySelected(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- there is no other where the clipboard is refused
    return document.execCommand('copy');
  } finally {
    area.remove();
  }
}
