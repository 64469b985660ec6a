/** Links of Markdown files that must lead somewhere in this repository: files, folders, headings, lines of sources. Pure but for reading. */
import path from 'node:path';
import type { Finding } from '../tool.ts';
import { anchorsOf, proseOf } from './text.ts';

export interface Link {
  readonly line: number;
  readonly target: string;
}

const forms = [
  /\]\(\s*<([^>\n]*)>(?:\s+["'(][^)]*)?\s*\)/g, // [text](<target with spaces>)
  /\]\(\s*([^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)(?:\s+["'(][^)]*)?\s*\)/g, // [text](target "title"), ![image](target)
  /^ {0,3}\[[^\]\n]+\]:\s*<?([^\s>]+)/gm, // [name]: target
  /<(?:a|img|source)\b[^>]*\b(?:href|src)="([^"]*)"/gi,
];

/** In order of lines. */
export function linksOf(text: string): readonly Link[] {
  const prose = proseOf(text);
  return forms
    .flatMap((form) => [...prose.matchAll(form)])
    .map(({ index, 0: whole, 1: target = '' }) => ({
      line: prose.slice(0, index + whole.indexOf(target)).split('\n').length,
      target,
    }))
    .sort((a, b) => a.line - b.line);
}

export interface Repository {
  /** Relative to the root, with slashes: what a clone has. */
  readonly files: readonly string[];
  readonly read: (file: string) => string;
}

export function linkFindings({ files, read }: Repository): readonly Finding[] {
  const known = new Set(files);
  const folders = new Set(files.flatMap(parentsOf));
  const anchors = new Map<string, ReadonlySet<string>>();
  const hasAnchor = (file: string, anchor: string): boolean => {
    const made = anchors.get(file) ?? anchorsOf(read(file));
    anchors.set(file, made);
    return made.has(anchor);
  };

  const faultOf = (from: string, target: string): string | undefined => {
    const [written = '', anchor] = target.split('#', 2).map(decoded);
    if (written.startsWith('/')) return 'begins at the root of some site: write it relative to this file';
    const to = written === '' ? from : path.posix.join(path.posix.dirname(from), written).replace(/\/$/, '');
    if (to === '..' || to.startsWith('../')) return 'leaves the repository';
    if (!known.has(to)) return folders.has(to) && !anchor ? undefined : `leads nowhere: there is no ${to}`;
    if (!anchor) return undefined;
    if (to.endsWith('.md')) return hasAnchor(to, anchor) ? undefined : `leads nowhere: ${to} has no heading #${anchor}`;
    const [, first, last = first] = /^L(\d+)(?:-L(\d+))?$/.exec(anchor) ?? [];
    return Number(last) <= read(to).split('\n').length ? undefined : `leads nowhere: ${to} has no #${anchor}`;
  };

  return files
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) =>
      linksOf(read(file)).flatMap(({ line, target }): Finding[] => {
        const fault = isElsewhere(target) ? undefined : faultOf(file, target);
        return fault === undefined ? [] : [{ file, line, text: `${target} ${fault}` }];
      }),
    );
}

const isElsewhere = (target: string): boolean => /^([a-z][a-z\d+.-]*:|\/\/)/i.test(target);

/** Every folder above a file; the repository itself is '.'. */
function parentsOf(file: string): string[] {
  const parent = path.posix.dirname(file);
  return parent === '.' ? ['.'] : [parent, ...parentsOf(parent)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a bare % is a name like any other
  }
}
