/** Whether a file has changed since it was last looked at, for whoever follows it without a restart. Never reads what it says. */
import { statSync } from 'node:fs';

/** How old what is known of the file may be. */
const LOOK_MS = 1_000;

export class FollowedFile {
  private lookedAt = performance.now();
  private seen: string;

  /** Made before the file is first read, so that no change in between is missed. */
  constructor(readonly path: string) {
    this.seen = stateOf(path);
  }

  /** The last look was more than a second ago. */
  get isStale(): boolean {
    return performance.now() - this.lookedAt > LOOK_MS;
  }

  /** @returns true once for each change: it was written, or another one was put in its place */
  look(): boolean {
    this.lookedAt = performance.now();
    const before = this.seen;
    this.seen = stateOf(this.path);
    return this.seen !== before;
  }
}

function stateOf(file: string): string {
  try {
    const { mtimeNs, ctimeNs, size, ino } = statSync(file, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  } catch {
    return 'absent';
  }
}
