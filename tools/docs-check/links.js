// @ts-check
/** Links between documents: the file and the heading must exist. Links to other hosts are not followed. */
import { existsSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';

/** @typedef {import('./documents.js').Document} Document @typedef {import('./problems.js').Problem} Problem */

/** @param {string} root @param {ReadonlyMap<string, Document>} all Every document, by path. @param {Document} document @returns {readonly Problem[]} */
export function linkProblems(root, all, document) {
  return document.links.flatMap(({ url, line }) => {
    const message = problemOf(root, all, document, url);
    return message === undefined
      ? []
      : [{ path: document.path, line, message: `link to ${url}: ${message}` }];
  });
}

/** @param {string} root @param {ReadonlyMap<string, Document>} all @param {Document} from @param {string} url */
function problemOf(root, all, from, url) {
  if (/^[a-z][a-z+.-]*:/i.test(url)) return URL.canParse(url) ? undefined : 'it is not a URL';
  const [address = '', anchor] = url.split('#');
  const path = address === '' ? from.path : normalize(join(dirname(from.path), decodeURI(address)));
  if (path.startsWith('..')) return 'it leads out of the repository';
  if (path.split(sep).some((part) => part === 'dist' || part === 'node_modules'))
    return 'it leads to build output, which is not in the repository';
  if (!existsSync(join(root, path))) return `there is no ${path}`;
  if (anchor === undefined || anchor === '') return undefined;
  const target = all.get(relative('.', path));
  if (target === undefined)
    return /^L\d+/.test(anchor) ? undefined : `${path} is not a document with headings`;
  return target.anchors.has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}
