/**
 * How the key holder is sealed and unsealed: a person's share file, the share as it is presented, and what anybody may know of the
 * state. A share alone opens nothing; the file that holds one is locked with its person's passphrase.
 */
import { z } from 'zod';
import { bytesOf } from './ids.js';

/** Shamir over 32 bytes, and the share's place on the polynomial. */
export const SHARE_BYTES = 33;
/** scrypt (RFC 7914), one choice: half a second and 128 MiB for each guess at a passphrase. */
export const shareScrypt = { N: 131_072, r: 8, p: 1 } as const;

const index = z.int().min(1).max(255);
const people = z.int().min(2).max(255);
const idText = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** One file per person, JSON. `box` is AES-256-GCM under scrypt of the passphrase, over everything beside it. */
export const shareFile = z.strictObject({
  v: z.literal(1),
  /** 16 random bytes, base64url: which shares belong together */
  ceremony: idText,
  index,
  /** how many shares unseal, and how many there are */
  threshold: people,
  shares: people,
  person: z.string().min(1).max(64),
  scrypt: z.strictObject({
    N: z.literal(shareScrypt.N),
    r: z.literal(shareScrypt.r),
    p: z.literal(shareScrypt.p),
    salt: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  }),
  /** 12 bytes nonce ‖ share ‖ 16 bytes tag, base64url */
  box: z.string().regex(/^[A-Za-z0-9_-]{82}$/),
});
export type ShareFile = z.output<typeof shareFile>;

/** `POST /v1/unseal`: one person's share, out of its file. */
export const unsealRequest = z.strictObject({ ceremony: idText, index, share: bytesOf(SHARE_BYTES) });
export const unsealAnswer = z.strictObject({ sealed: z.boolean(), presented: z.int(), threshold: people });

/** Of one ceremony; a commitment is H(ceremony, index, share), base64url, in the order of the indexes. */
export const ceremonyState = z.strictObject({
  ceremony: idText,
  threshold: people,
  commitments: z.array(z.string().length(43)).min(2).max(255),
});
/** `GET /v1/seal`. `auto`: it opens itself from a local file, and nobody holds shares. */
export const sealState = z.strictObject({
  sealed: z.boolean(),
  mode: z.enum(['shares', 'auto']),
  /** shares that wait for the others */
  presented: z.int().nonnegative(),
  current: ceremonyState.optional(),
  /** a rekey that was begun and not confirmed */
  pending: ceremonyState.optional(),
});
export type CeremonyState = z.output<typeof ceremonyState>;
export type SealState = z.output<typeof sealState>;
