/** The folder of `policy-<version>.json` and `people-<version>.json`: what is there, and which files look new since the last look. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const fileName = /^(policy|people)-([1-9]\d{0,8})\.json$/;

export interface PolicyFile {
  readonly name: string;
  readonly kind: 'policy' | 'people';
  readonly version: number;
  readonly text: string;
}

/** Who approves comes before what is approved, and each kind by version. */
export const inOrder = (files: readonly PolicyFile[]): PolicyFile[] =>
  [...files].sort((a, b) => a.kind.localeCompare(b.kind) || a.version - b.version);

export class PolicyFolder {
  private readonly seen = new Map<string, string>();

  constructor(private readonly folder: string) {}

  /** Files that are new or whose time or size has changed since the last call. A missing folder is an empty one. */
  changes(): PolicyFile[] {
    const changed: PolicyFile[] = [];
    for (const name of this.names()) {
      const [, kind, version] = fileName.exec(name) ?? [];
      try {
        const at = path.join(this.folder, name);
        const { mtimeNs, size, ino } = statSync(at, { bigint: true });
        const mark = `${mtimeNs} ${size} ${ino}`;
        if (this.seen.get(name) === mark) continue;
        const text = readFileSync(at, 'utf8');
        this.seen.set(name, mark);
        changed.push({ name, kind: kind as PolicyFile['kind'], version: Number(version), text });
      } catch {
        this.seen.delete(name); // it went away between the two calls: look again next time
      }
    }
    return inOrder(changed);
  }

  private names(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => fileName.test(name));
    } catch {
      return [];
    }
  }
}
