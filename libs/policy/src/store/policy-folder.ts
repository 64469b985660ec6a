/** The folder of policy files, `policy-<version>.json`: what is there, and which files look new since the last look. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const fileName = /^policy-([1-9]\d{0,8})\.json$/;

export interface PolicyFile {
  readonly name: string;
  readonly version: number;
  readonly text: string;
}

export class PolicyFolder {
  private readonly seen = new Map<string, string>();

  constructor(private readonly folder: string) {}

  /** Files that are new or whose time or size has changed since the last call, by version. A missing folder is an empty one. */
  changes(): PolicyFile[] {
    const changed: PolicyFile[] = [];
    for (const name of this.names()) {
      const version = Number(fileName.exec(name)?.[1]);
      try {
        const at = path.join(this.folder, name);
        const { mtimeNs, size, ino } = statSync(at, { bigint: true });
        const mark = `${mtimeNs} ${size} ${ino}`;
        if (this.seen.get(name) === mark) continue;
        const text = readFileSync(at, 'utf8');
        this.seen.set(name, mark);
        changed.push({ name, version, text });
      } catch {
        this.seen.delete(name); // it went away between the two calls: look again next time
      }
    }
    return changed.sort((a, b) => a.version - b.version);
  }

  private names(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => fileName.test(name));
    } catch {
      return [];
    }
  }
}
