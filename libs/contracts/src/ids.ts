/**
 * Branded identifiers and the MIMI URIs of pseudonyms (draft-ietf-mimi-protocol-06; draft-mahy-mimi-identity-05 for `/p/`).
 * A brand keeps an account-side id out of a pseudonym-side argument at compile time.
 */
import { z } from 'zod';
import { fromBase64Url } from './bytes.js';

/** Opaque random name of an account, 16 bytes. Known to registrar and key holder only. */
export type Handle = Uint8Array & { readonly __brand: 'Handle' };
/** 16 random bytes. */
export type SelectorId = Uint8Array & { readonly __brand: 'SelectorId' };
export type PseudonymUri = string & { readonly __brand: 'PseudonymUri' };
/** `iss` of a hub: its https origin. */
export type HubId = string & { readonly __brand: 'HubId' };
export type OperatorId = string & { readonly __brand: 'OperatorId' };
export type Epoch = number;
export type Cohort = number;
/** Both sides of a standing are tallied apart (protocol.md §5). */
export type Side = 'negative' | 'positive';
export const sides = ['negative', 'positive'] as const satisfies readonly Side[];

/** base64url of exactly `length` bytes, given back as bytes. */
export const bytesOf = (length: number) =>
  z
    .string()
    .max(Math.ceil((length * 4) / 3))
    .transform((text, context) => {
      try {
        const bytes = fromBase64Url(text);
        if (bytes.length === length) return bytes;
      } catch {
        // reported below, with the same words as a wrong length
      }
      context.addIssue({ code: 'custom', message: `must be base64url of ${length} bytes` });
      return z.NEVER;
    });

const uriPattern = /^mimi:\/\/([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)\/(p|u)\/([a-zA-Z0-9._~-]{1,64})$/;

/** A pseudonym's user URI: `mimi://<domain>/p/<name>`, or `/u/` by local policy. */
export const pseudonymUri = z
  .string()
  .max(400)
  .regex(uriPattern, 'must be mimi://<domain>/p/<name> or /u/<name>')
  .transform((uri) => uri as PseudonymUri);

/** Domain, path kind and name of a pseudonym's URI, or undefined when it is none. */
export function splitPseudonymUri(uri: string): { domain: string; kind: 'p' | 'u'; name: string } | undefined {
  const [, domain, kind, name] = uriPattern.exec(uri) ?? [];
  return domain && name ? { domain, kind: kind as 'p' | 'u', name } : undefined;
}

/** `mimi://<domain>/r/<name>`: a room of a hub. */
export const roomUri = z
  .string()
  .max(400)
  .regex(
    /^mimi:\/\/[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/r\/(?:[a-zA-Z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+$/,
    'must be mimi://<domain>/r/<name>',
  );

/** A client of a pseudonym: `mimi://<domain>/d/<name>/<client>` (mimi-protocol-06, "client"). */
export const clientUri = z
  .string()
  .max(500)
  .regex(
    /^mimi:\/\/[a-z0-9][a-z0-9.-]{0,252}\/d\/[a-zA-Z0-9._~-]{1,64}\/[a-zA-Z0-9._~-]{1,64}$/,
    'must be mimi://<domain>/d/<name>/<client>',
  );

/** Does this client address belong to this pseudonym: same domain, same name? */
export function isClientOf(client: string, uri: string): boolean {
  const parts = splitPseudonymUri(uri);
  return parts !== undefined && client.startsWith(`mimi://${parts.domain}/d/${parts.name}/`);
}
