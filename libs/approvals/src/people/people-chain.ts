/**
 * The registries of people that one process knows, from a pinned first to the newest, each approved under the one before it. A registry
 * names the policy that was live when it was asked for (`afterPolicy`): so which registry a policy must be approved under follows from its
 * version alone, for everybody and at any time, and nobody who was removed can date a policy back. Pure.
 */
import type { ApprovedPeople } from '#contracts';
import { judgeFile } from '../requests/judge-file.js';
import type { Verify } from '../requests/judge.js';
import type { IsUsableKey } from './people-faults.js';
import { People, PeopleRefused } from './people.js';

export class PeopleChain {
  private readonly versions: [People, ...People[]];

  /** @param first pinned: nobody approves it */
  constructor(first: People) {
    this.versions = [first];
  }

  get first(): People {
    return this.versions[0];
  }

  get newest(): People {
    return this.versions.at(-1) as People;
  }

  /** Undefined for a version that is not known, or lies before the pinned one. */
  version(version: number): People | undefined {
    return this.versions[version - this.versions[0].version];
  }

  /** Undefined for one that this process never knew. */
  withDigest(digest: string): People | undefined {
    return this.versions.find((people) => people.digest === digest);
  }

  /** The one registry under which a policy of this version is approved; undefined when it lies before the pinned first. */
  forPolicy(version: number): People | undefined {
    return this.versions.findLast(({ document }) => version > (document.afterPolicy ?? 0));
  }

  /** One that this process has checked itself, or carried out. @throws PeopleRefused unless it comes next */
  add(next: People): void {
    const { newest } = this;
    const faults = [
      ...(next.version === newest.version + 1 ? [] : [`version ${next.version} does not follow version ${newest.version}`]),
      ...followFaults(next, newest),
    ];
    if (faults.length > 0) throw new PeopleRefused(faults);
    this.versions.push(next);
  }

  /**
   * The next registry of a file, or one that is known already.
   * @throws PeopleRefused when it is another than the known one, comes too soon, or is not approved under the newest
   */
  take({ document, request, signature, approvals }: ApprovedPeople, isUsableKey: IsUsableKey, verify: Verify): People {
    const next = People.read(document, isUsableKey);
    const known = this.version(next.version);
    if (known) {
      if (known.digest === next.digest) return known;
      throw new PeopleRefused([`version ${next.version} is known with another content`]);
    }
    const asked = People.read(request.parameters.document, isUsableKey);
    if (asked.digest !== next.digest) throw new PeopleRefused(['the request is for another document']);
    if (next.version > this.newest.version + 1) throw new PeopleRefused([`version ${next.version - 1} is not known`]);
    const { granted, words } = judgeFile({ request, signature, approvals }, this.newest, verify);
    if (!granted) throw new PeopleRefused([words]);
    this.add(next);
    return next;
  }
}

/** What a later registry must hold to besides its own rules. */
function followFaults({ document: { afterPolicy } }: People, before: People): string[] {
  if (afterPolicy === undefined) return ['afterPolicy is missing: the version of the policy that is live'];
  return afterPolicy < (before.document.afterPolicy ?? 0) ? ['afterPolicy goes back'] : [];
}
