/**
 * Token Status List (draft-ietf-oauth-status-list): one bit, or two, four or eight, of each index of a list, least significant first,
 * compressed and signed. Shared by who publishes lists and who reads them; compression and keys are theirs. Pure.
 */
import { z } from 'zod';

export const statusListType = 'statuslist+jwt';
export const statusListMediaType = `application/${statusListType}`;

export const statusListBits = [1, 2, 4, 8] as const;
export type StatusListBits = (typeof statusListBits)[number];

/** Status 0 is VALID; anything else is not. Ours have one bit: INVALID says that a pseudonym is not active, never why. */
export const VALID = 0;

/** Where the status of a referenced token stands (§6): claim `status`. */
export const statusPlace = z.object({
  status_list: z.object({ idx: z.int().nonnegative(), uri: z.url().max(2_048) }),
});
export type StatusPlace = z.output<typeof statusPlace>['status_list'];

/** Claims of a Status List Token (§5.1). Ours always have `exp` and `ttl`. */
export const statusListClaims = z.object({
  iss: z.string(),
  /** The list's own address. */
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  /** Seconds for which a reader may keep it. */
  ttl: z.number().positive(),
  status_list: z.object({
    bits: z.union(statusListBits.map((bits) => z.literal(bits))),
    /** zlib (RFC 1950), base64url */
    lst: z.string(),
    aggregation_uri: z.string().optional(),
  }),
});

/** All lists of a provider (§9.3). */
export const statusListAggregation = z.object({ status_lists: z.array(z.string()) });

/** @throws RangeError for an index that the list does not have */
export function statusAt(list: Uint8Array, bits: StatusListBits, index: number): number {
  const at = index * bits;
  const byte = Number.isSafeInteger(index) ? list[Math.floor(at / 8)] : undefined;
  if (byte === undefined) throw new RangeError('the list has no such index');
  return (byte >> (at % 8)) & ((1 << bits) - 1);
}

/** Statuses behind each other; what is left of the last byte is VALID. */
export function packStatuses(statuses: readonly number[], bits: StatusListBits): Uint8Array {
  const list = new Uint8Array(Math.ceil((statuses.length * bits) / 8));
  statuses.forEach((status, index) => {
    const at = index * bits;
    list[Math.floor(at / 8)]! |= status << (at % 8);
  });
  return list;
}
