/** A pseudonym before it exists: random address, salt and key pair, and the moment before which it must not be redeemed. */
import { toBase64Url } from '#contracts';
import { generateClientKey, randomBytes, SALT_LENGTH } from '#tickets';
import type { ClientKeyType } from '#tickets';
import { randomName } from '../chance.js';
import type { Attempt, ClientEntry } from '../state.js';

export interface PseudonymWish {
  /** `p`: a pseudonym that shows as one; `u`: like any user address, where the provider allows it. */
  readonly kind?: 'p' | 'u';
  readonly keyType?: ClientKeyType;
}

const NAME_LENGTH = 26;
const CLIENT_LENGTH = 10;

export async function newClientEntry(domain: string, name: string, keyType: ClientKeyType = 'Ed25519'): Promise<ClientEntry> {
  const { pkcs8, spki } = await generateClientKey(keyType);
  const clientUri = `mimi://${domain}/d/${name}/${randomName(CLIENT_LENGTH)}`;
  return { clientUri, pkcs8: toBase64Url(pkcs8), spki: toBase64Url(spki) };
}

/** `notBefore` in ms since 1970. */
export async function newAttempt(domain: string, { kind = 'p', keyType }: PseudonymWish, notBefore: number): Promise<Attempt> {
  const name = randomName(NAME_LENGTH);
  return {
    id: randomName(NAME_LENGTH),
    uri: `mimi://${domain}/${kind}/${name}`,
    salt: toBase64Url(randomBytes(SALT_LENGTH)),
    client: await newClientEntry(domain, name, keyType),
    notBefore,
  };
}
