/**
 * The policies a process follows: all versions of the folder that people have approved and that are within their bounds; the highest is
 * live. The people are those pinned first, and those whom approved files of the same folder put in their place.
 *
 * A file that is not fit never takes the place of one that was: the process goes on with what it has and says why (`refusals`).
 * A version, once followed, never changes. Looks at the folder again every second at most, so that an install needs no restart.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PeopleChain } from '#approvals';
import { sameBytes } from '#contracts';
import { takePeople } from './known-people.js';
import { inOrder, PolicyFolder, type PolicyFile } from './policy-folder.js';
import { PolicyRefused } from './policy-refused.js';
import { readPolicy, type Policy } from './policy.js';

export interface PolicyStoreOptions {
  readonly folder: string;
  /** Who is known already; grows with what the folder adds. */
  readonly people: PeopleChain;
  /** False: registries of the folder are left alone, because this process has its own. */
  readonly takesPeople?: boolean;
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
  private readonly refused = new Map<string, { file: PolicyFile; refusal: PolicyRefused }>();
  /** Version of the registry by which everything here was last judged. */
  private judgedBy = 0;
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

  /** Who may ask for and approve a policy, and sign statements. */
  get people(): PeopleChain {
    return this.options.people;
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
    return [...this.refused.values()].map(({ refusal }) => refusal);
  }

  /** Looks at the folder now. */
  look(): void {
    this.takeAll(this.folder.changes());
    while (this.people.newest.version > this.judgedBy) {
      this.judgedBy = this.people.newest.version;
      this.dropUnapproved();
      this.takeAll(inOrder([...this.refused.values()].map(({ file }) => file))); // what came before the people who approved it
    }
    const highest = this.versions().at(-1);
    if (highest && highest !== this.newest) {
      this.newest = highest;
      this.options.onLive?.(highest);
    }
  }

  private takeAll(files: readonly PolicyFile[]): void {
    for (const file of files) {
      try {
        if (file.kind === 'policy') this.takePolicy(file);
        else if (this.options.takesPeople !== false) this.takeRegistry(file);
        this.refused.delete(file.name);
      } catch (error) {
        if (!(error instanceof PolicyRefused)) throw error;
        const before = this.refused.get(file.name);
        const isNews = before?.file !== file || before.refusal.message !== error.message;
        this.refused.set(file.name, { file, refusal: error });
        if (isNews) this.options.onRefused?.(error);
      }
    }
  }

  private takeRegistry(file: PolicyFile): void {
    const people = takePeople(this.people, valueOf(file), file.name);
    if (people.version !== file.version)
      throw new PolicyRefused('malformed', [`the document says version ${people.version}`], file.name);
  }

  private takePolicy(file: PolicyFile): void {
    const { people, production, parameterSet } = this.options;
    const policy = readPolicy(valueOf(file), { people, production, parameterSet, file: file.name });
    if (policy.version !== file.version)
      throw new PolicyRefused('malformed', [`the document says version ${policy.version}`], file.name);
    const followed = this.byVersion.get(policy.version);
    if (followed && !isDeepStrictEqual(followed.digest, policy.digest)) throw new PolicyRefused('changed', [], file.name);
    if (!followed) this.byVersion.set(policy.version, policy);
  }

  /** A registry that is new here may say that a policy came after it: then the people of the one before could not approve it. */
  private dropUnapproved(): void {
    for (const { version, people } of this.versions()) {
      if (this.people.forPolicy(version)?.version !== people) this.byVersion.delete(version);
    }
  }
}

function valueOf({ text, name }: PolicyFile): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PolicyRefused('unreadable', [], name);
  }
}
