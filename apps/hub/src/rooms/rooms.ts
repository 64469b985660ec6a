/**
 * Rooms of a hub and the remedies that a hub has alone: mute, kick, ban for a time and for good, in one room or in all. In memory: a hub
 * with people in it keeps this in its own database. Knows pseudonyms only. Pure but for its own maps.
 */

/** Not before `until`; undefined: never again. */
export interface Ban {
  readonly until: Date | undefined;
  /** Of the signal that told the provider: an unban names it. */
  readonly jti: string;
}

export type JoinOutcome = 'joined' | 'banned' | 'not-valid';
export type MessageOutcome = 'sent' | 'muted' | 'not-here';

/** Where a remedy holds: one room, or every room of the hub. */
export type Place = { readonly room: string } | 'hub';

const ALL = Symbol('all rooms');
type Key = string | typeof ALL;
const keyOf = (place: Place): Key => (place === 'hub' ? ALL : place.room);

export class Rooms {
  private readonly members = new Map<string, Map<string, { mutedUntil: Date | undefined }>>();
  private readonly bans = new Map<Key, Map<string, Ban>>();
  /** What the provider no longer vouches for. */
  private readonly invalid = new Map<string, 'revoked' | 'disabled'>();

  join(room: string, pseudonym: string, now: Date): JoinOutcome {
    if (this.invalid.has(pseudonym)) return 'not-valid';
    if (this.banOf('hub', pseudonym, now) ?? this.banOf({ room }, pseudonym, now)) return 'banned';
    const members = this.members.get(room) ?? new Map<string, { mutedUntil: Date | undefined }>();
    this.members.set(room, members);
    if (!members.has(pseudonym)) members.set(pseudonym, { mutedUntil: undefined });
    return 'joined';
  }

  message(room: string, pseudonym: string, now: Date): MessageOutcome {
    const member = this.members.get(room)?.get(pseudonym);
    if (!member) return 'not-here';
    return member.mutedUntil && now < member.mutedUntil ? 'muted' : 'sent';
  }

  /** False when it is not in the room. */
  mute(room: string, pseudonym: string, until: Date): boolean {
    const member = this.members.get(room)?.get(pseudonym);
    if (member) member.mutedUntil = until;
    return member !== undefined;
  }

  /** False when it is not in the room. */
  kick(room: string, pseudonym: string): boolean {
    return this.members.get(room)?.delete(pseudonym) ?? false;
  }

  ban(place: Place, pseudonym: string, ban: Ban): void {
    const key = keyOf(place);
    const bans = this.bans.get(key) ?? new Map<string, Ban>();
    this.bans.set(key, bans.set(pseudonym, ban));
    if (place === 'hub') this.removeEverywhere(pseudonym);
    else this.kick(place.room, pseudonym);
  }

  /** The ban that held, over or not. */
  unban(place: Place, pseudonym: string): Ban | undefined {
    const bans = this.bans.get(keyOf(place));
    const ban = bans?.get(pseudonym);
    bans?.delete(pseudonym);
    return ban;
  }

  /** The provider's word: what it revokes or disables leaves every room. */
  provider(said: 'revoked' | 'disabled' | 'enabled', pseudonym: string): void {
    if (said === 'enabled') {
      this.invalid.delete(pseudonym);
      return;
    }
    // an end for good comes with an "account-disabled" of its own, in either order
    if (said === 'revoked' || this.invalid.get(pseudonym) === undefined) this.invalid.set(pseudonym, said);
    this.removeEverywhere(pseudonym);
  }

  validity(pseudonym: string): 'valid' | 'revoked' | 'disabled' {
    return this.invalid.get(pseudonym) ?? 'valid';
  }

  /** What the operator of the hub may look at. */
  state(now: Date) {
    const standing = (bans: ReadonlyMap<string, Ban> | undefined) =>
      [...(bans ?? [])]
        .filter(([, { until }]) => !until || now < until)
        .map(([pseudonym, { until }]) => ({ pseudonym, until: until?.toISOString() ?? 'for good' }));
    const names = new Set([...this.members.keys(), ...[...this.bans.keys()].filter((key) => key !== ALL)]);
    return {
      rooms: [...names].map((room) => ({
        room,
        members: [...(this.members.get(room) ?? [])].map(([pseudonym, { mutedUntil }]) => ({
          pseudonym,
          ...(mutedUntil && now < mutedUntil && { mutedUntil: mutedUntil.toISOString() }),
        })),
        bans: standing(this.bans.get(room)),
      })),
      bans: standing(this.bans.get(ALL)),
      notValid: [...this.invalid].map(([pseudonym, why]) => ({ pseudonym, why })),
    };
  }

  private banOf(place: Place, pseudonym: string, now: Date): Ban | undefined {
    const ban = this.bans.get(keyOf(place))?.get(pseudonym);
    return ban && (!ban.until || now < ban.until) ? ban : undefined;
  }

  private removeEverywhere(pseudonym: string): void {
    for (const members of this.members.values()) members.delete(pseudonym);
  }
}
