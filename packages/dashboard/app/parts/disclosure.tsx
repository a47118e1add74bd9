import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** What is drawn only once it is opened. */
export function Disclosure({ summary, isOpen = false, children }: DisclosureProps) {
  const [open, setOpen] = useState(isOpen);
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{summary}</summary>
      {open && children}
    </details>
  );
}

interface DisclosureProps {
  readonly summary: ComponentChildren;
  readonly isOpen?: boolean;
  readonly children: ComponentChildren;
}
