/**
 * The policies a process follows: all versions of the folder that are signed and within their bounds; the highest is live.
 *
 * A file that is not fit never takes the place of one that was: the process goes on with what it has and says why (`refusals`).
 * A version, once followed, never changes. Looks at the folder again every second at most, so that an install needs no restart.
 */
import { isDeepStrictEqual } from 'node:util';
import { sameBytes } from '#contracts';
import type { OperatorQuorum } from '../signing/operators.js';
import { PolicyFolder, type PolicyFile } from './policy-folder.js';
import { PolicyRefused } from './policy-refused.js';
import { readPolicy, type Policy } from './policy.js';

export interface PolicyStoreOptions {
  readonly folder: string;
  readonly operators: OperatorQuorum;
  readonly production: boolean;
  /** The set of the keys at hand, where there are any: policies for another one are refused. */
  readonly parameterSet?: string;
  /** Called with each policy that becomes live, the first included. */
  readonly onLive?: (policy: Policy) => void;
  /** Called once for each file that is refused. */
  readonly onRefused?: (refusal: PolicyRefused) => void;
  /** At most 1,000. */
  readonly pollMs?: number;
}

export class PolicyStore {
  private readonly folder: PolicyFolder;
  private readonly byVersion = new Map<number, Policy>();
  private readonly refused = new Map<string, PolicyRefused>();
  private newest: Policy | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PolicyStoreOptions) {
    this.folder = new PolicyFolder(options.folder);
  }

  /** Loads the folder and starts watching it. @throws PolicyRefused when no policy of it can be followed. */
  open(): this {
    this.look();
    this.live();
    this.timer ??= setInterval(() => this.look(), Math.min(this.options.pollMs ?? 1_000, 1_000));
    this.timer.unref();
    return this;
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** The highest version. @throws PolicyRefused: that of the only file if there is one, else 'none'. */
  live(): Policy {
    if (this.newest) return this.newest;
    const [refusal, ...more] = this.refusals();
    throw refusal && more.length === 0
      ? refusal
      : new PolicyRefused(
          'none',
          this.refusals().map(({ message }) => message),
        );
  }

  /** Who may sign policies and reinstate. */
  get operators(): OperatorQuorum {
    return this.options.operators;
  }

  /** Live or earlier, by digest; undefined when this process has never followed it. */
  byDigest(digest: Uint8Array): Policy | undefined {
    for (const policy of this.byVersion.values()) if (sameBytes(policy.digest, digest)) return policy;
    return undefined;
  }

  byNumber(version: number): Policy | undefined {
    return this.byVersion.get(version);
  }

  /** All versions that can be followed, ascending. */
  versions(): Policy[] {
    return [...this.byVersion.values()].sort((a, b) => a.version - b.version);
  }

  /** What is wrong with the files that are not followed. */
  refusals(): PolicyRefused[] {
    return [...this.refused.values()];
  }

  /** Looks at the folder now. */
  look(): void {
    for (const file of this.folder.changes()) {
      try {
        this.take(file);
        this.refused.delete(file.name);
      } catch (error) {
        if (!(error instanceof PolicyRefused)) throw error;
        this.refused.set(file.name, error);
        this.options.onRefused?.(error);
      }
    }
    const highest = this.versions().at(-1);
    if (highest && highest !== this.newest) {
      this.newest = highest;
      this.options.onLive?.(highest);
    }
  }

  private take(file: PolicyFile): void {
    let value: unknown;
    try {
      value = JSON.parse(file.text);
    } catch {
      throw new PolicyRefused('unreadable', [], file.name);
    }
    const { operators, production, parameterSet } = this.options;
    const policy = readPolicy(value, { operators, production, parameterSet, file: file.name });
    if (policy.version !== file.version)
      throw new PolicyRefused('malformed', [`the document says version ${policy.version}`], file.name);
    const followed = this.byVersion.get(policy.version);
    if (followed && !isDeepStrictEqual(followed.digest, policy.digest)) throw new PolicyRefused('changed', [], file.name);
    if (!followed) this.byVersion.set(policy.version, policy);
  }
}
