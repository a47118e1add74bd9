import type { ClusterAccess } from '../../plugin/cluster.js';

/** What the texts of a cluster may refer to. */
export interface Facts {
  readonly workspace: string;
  readonly user: string;
  readonly node: string;
  readonly image: string;
  readonly port: number;
}

/**
 * Puts facts into a cluster's texts. What only the node knows (its host name, the user's id there, the allocation) stays a
 * placeholder.
 */
export function filler(
  access: ClusterAccess,
  { workspace, user, node, image, port }: Facts,
): (text: string) => string {
  const values = {
    workspace,
    user,
    'user-suffix': lastOf(user) ?? '{user-suffix}',
    node,
    'node-suffix': node.slice(-1),
    'image-name': image.replaceAll(/[/:@#]/g, '_'),
    // As srt-slurm's users name the files that they make by hand.
    'image-plus': image.replace('nvcr.io/', '').replaceAll(/[/:@#]/g, '+'),
    port: String(port),
  };
  const put = (text: string, known: Readonly<Record<string, string>>): string =>
    text.replaceAll(/\{([^{}]*)\}/g, (slot, name: string) => known[name] ?? slot);
  const all = { ...values, 'hf-cache': put(access['hf-cache'] ?? '', values) };
  return (text) => put(text, all);
}

/** A name's last character; nothing where the name is a placeholder itself. */
function lastOf(name: string): string | undefined {
  return name.startsWith('{') ? undefined : name.slice(-1);
}
