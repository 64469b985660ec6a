/**
 * The registry of people at work: a checked document with its digest. `People.read` is the only way to get one. Pure but for SHA-256.
 */
import { createHash } from 'node:crypto';
import { canonicalBytes, fromBase64Url, peopleDocument, ruleOf, toBase64Url } from '#contracts';
import type { ApprovalRule, PeopleDocument, PersonEntry, PersonRole, RequestType } from '#contracts';
import { peopleFaults } from './people-faults.js';
import type { IsUsableKey } from './people-faults.js';

/** The registry cannot be used; `faults` in the order a person would mend them, without a key or a name that is not in the document. */
export class PeopleRefused extends Error {
  override readonly name = 'PeopleRefused';

  constructor(readonly faults: readonly string[]) {
    super(`people: ${faults.join('; ')}`);
  }
}

export class People {
  /** SHA-256 of the canonical bytes, base64url: what a request names. */
  readonly digest: string;
  private readonly byId: ReadonlyMap<string, PersonEntry>;

  private constructor(readonly document: PeopleDocument) {
    this.digest = toBase64Url(new Uint8Array(createHash('sha256').update(canonicalBytes(document)).digest()));
    this.byId = new Map(document.people.map((person) => [person.id, person]));
  }

  /** @param value parsed JSON. @throws PeopleRefused */
  static read(value: unknown, isUsableKey: IsUsableKey): People {
    const parsed = peopleDocument.safeParse(value);
    if (!parsed.success)
      throw new PeopleRefused(parsed.error.issues.slice(0, 8).map(({ path, message }) => `${path.join('.')}: ${message}`));
    const faults = peopleFaults(parsed.data, isUsableKey);
    if (faults.length > 0) throw new PeopleRefused(faults);
    return new People(parsed.data);
  }

  get version(): number {
    return this.document.version;
  }

  person(id: string): PersonEntry | undefined {
    return this.byId.get(id);
  }

  /** Ed25519 public key, 32 bytes; undefined when the person has no key of this name. */
  keyOf(id: string, kid: string): Uint8Array | undefined {
    const entry = this.byId.get(id)?.keys.find((key) => key.kid === kid);
    return entry && fromBase64Url(entry.key);
  }

  ruleOf(type: RequestType): ApprovalRule {
    return ruleOf(this.document, type);
  }

  hasRole(id: string, ...roles: readonly PersonRole[]): boolean {
    return this.byId.get(id)?.roles.some((role) => roles.includes(role)) ?? false;
  }

  /** Ed25519 public keys of a person who has the role; none of anybody else. */
  keysFor(id: string, role: PersonRole): Uint8Array[] {
    return this.hasRole(id, role) ? (this.byId.get(id)?.keys ?? []).map(({ key }) => fromBase64Url(key)) : [];
  }

  withRole(role: PersonRole): PersonEntry[] {
    return this.document.people.filter(({ roles }) => roles.includes(role));
  }
}
