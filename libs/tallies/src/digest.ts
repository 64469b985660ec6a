/** Digests as they stand in leaves, headers and lists: base64url of 32 bytes, kept as text because the JSON around them is hashed. */
import { z } from 'zod';
import { bytesOf, fromBase64Url, toBase64Url } from '#contracts';

const text = (length: number) =>
  z.string().refine((value) => bytesOf(length).safeParse(value).success, `must be base64url of ${length} bytes`);

export const digestText = text(32);
export const signatureText = text(64);
export const toText = toBase64Url;
export const fromText = fromBase64Url;
