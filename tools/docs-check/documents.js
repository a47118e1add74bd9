// @ts-check
/** Documents as data: their anchors, links and fenced blocks, each with its line. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString } from 'mdast-util-to-string';

/**
 * @typedef {{ readonly url: string, readonly line: number }} Link
 * @typedef {Readonly<Record<string, string>>} Meta What follows the language: `exit=3 skip="needs a GPU"`; a bare word is ''.
 * @typedef {{ readonly language: string, readonly meta: Meta, readonly text: string, readonly line: number }} Block
 * `line` is that of the block's first line of text.
 * @typedef {{ readonly text: string, readonly line: number }} InlineCode
 * @typedef {object} Document
 * @property {string} path Relative to the root.
 * @property {ReadonlySet<string>} anchors
 * @property {readonly Link[]} links
 * @property {readonly Block[]} blocks
 * @property {readonly InlineCode[]} inlineCode
 * @property {Meta} settings From a comment `<!-- docs-check: workspace=empty -->`.
 */

/** Markdown files that git tracks or would add. @param {string} root @returns {readonly string[]} */
export function documentPaths(root) {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md'];
  const paths = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).split('\n');
  return [...new Set(paths)].filter((path) => path !== '' && !IGNORED.test(path)).sort();
}

/** Tools write changesets and changelogs; templates belong to the packages that are made from them. */
const IGNORED = /^\.changeset\/|(^|\/)CHANGELOG\.md$|^packages\/create-sweepline-plugin\/templates\//;

/** @param {string} root @param {string} path @returns {Document} */
export function readDocument(root, path) {
  const slugger = new GithubSlugger();
  /** @type {Set<string>} */
  const anchors = new Set();
  /** @type {Link[]} */
  const links = [];
  /** @type {Block[]} */
  const blocks = [];
  /** @type {InlineCode[]} */
  const inlineCode = [];
  /** @type {Meta} */
  let settings = {};
  walk(fromMarkdown(readFileSync(join(root, path), 'utf8')), (node) => {
    const line = node.position?.start.line ?? 1;
    if (node.type === 'heading') anchors.add(slugger.slug(toString(node)));
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition')
      links.push({ url: node.url, line });
    if (node.type === 'inlineCode') inlineCode.push({ text: node.value, line });
    if (node.type === 'code')
      blocks.push({
        language: node.lang ?? '',
        meta: metaOf(node.meta ?? ''),
        text: node.value,
        line: line + 1,
      });
    if (node.type !== 'html') return;
    for (const [, id = ''] of node.value.matchAll(/\b(?:id|name)="([^"]+)"/g)) anchors.add(id);
    for (const [, url = ''] of node.value.matchAll(/\b(?:href|src)="([^"]+)"/g)) links.push({ url, line });
    const comment = /^<!-- docs-check: (.*) -->$/.exec(node.value);
    if (comment) settings = metaOf(comment[1] ?? '');
  });
  return { path, anchors, links, blocks, inlineCode, settings };
}

/** @param {import('mdast').Nodes} node @param {(node: import('mdast').Nodes) => void} visit */
function walk(node, visit) {
  visit(node);
  if ('children' in node) for (const child of node.children) walk(child, visit);
}

/** @param {string} text @returns {Meta} */
function metaOf(text) {
  const parts = text.matchAll(/([\w-]+)(?:=(?:"([^"]*)"|(\S+)))?/g);
  return Object.fromEntries([...parts].map(([, name, quoted, plain]) => [name, quoted ?? plain ?? '']));
}
