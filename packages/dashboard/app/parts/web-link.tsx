import { webAddress } from '../state/links.js';

/** A link to elsewhere; text where it is no address of the web. */
export function WebLink({ address, text = address }: { readonly address: string; readonly text?: string }) {
  const href = webAddress(address);
  return href === undefined ? (
    <>{text}</>
  ) : (
    <a href={href} rel="noopener noreferrer">
      {text}
    </a>
  );
}
