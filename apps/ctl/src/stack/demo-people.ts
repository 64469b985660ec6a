/**
 * People of a service on one machine, with their keys in one folder: three leads, two operators, an auditor. In production everybody keeps
 * their own key, and the first registry is written from public keys.
 */
import path from 'node:path';
import { defaultRules, generateSealKey, kidOfKey, sealKeyFrom } from '#approvals';
import { fromBase64Url, toBase64Url } from '#contracts';
import type { PeopleDocument, PersonRole } from '#contracts';
import { generateSigningKey, signingKeyFromPem } from '#platform';
import type { SigningKey } from '#platform';
import type { SecretFolder } from './secret-folder.js';

export interface DemoPerson {
  readonly id: string;
  readonly roles: readonly PersonRole[];
  readonly key: SigningKey;
  /** PKCS #8 PEM */
  readonly file: string;
  /** X25519, 32 bytes: opens the answers that are sealed to this person */
  readonly sealKey: Uint8Array;
  readonly sealTo: Uint8Array;
}

export const demoRoles: readonly (readonly [string, PersonRole])[] = [
  ['lead-1', 'lead'],
  ['lead-2', 'lead'],
  ['lead-3', 'lead'],
  ['operator-1', 'operator'],
  ['operator-2', 'operator'],
  ['auditor-1', 'auditor'],
];

/** Makes the keys on first use. */
export async function demoPeople(secrets: SecretFolder): Promise<readonly DemoPerson[]> {
  return Promise.all(
    demoRoles.map(async ([id, role]) => {
      const { file, text } = secrets.once(path.join('people', `${id}.pem`), () => generateSigningKey().toPem());
      const fresh = toBase64Url((await generateSealKey()).privateKey);
      const sealed = secrets.once(path.join('people', `${id}.seal`), () => fresh);
      const { publicKey: sealTo, privateKey: sealKey } = await sealKeyFrom(fromBase64Url(sealed.text));
      return { id, roles: [role], key: signingKeyFromPem(text), file, sealKey, sealTo };
    }),
  );
}

/** The first registry of the demo. */
export const demoPeopleDocument = (people: readonly DemoPerson[]): PeopleDocument => ({
  v: 1,
  version: 1,
  people: people.map(({ id, roles, key, sealTo }) => ({
    id,
    keys: [{ kid: kidOfKey(key.publicKey), key: toBase64Url(key.publicKey) }],
    sealTo: toBase64Url(sealTo),
    roles: [...roles],
  })),
  rules: defaultRules,
});

/** Others of the same names and roles, kept nowhere: for measurements and specs. */
export const passingPeople = (): Promise<DemoPerson[]> =>
  Promise.all(
    demoRoles.map(async ([id, role]) => {
      const { publicKey: sealTo, privateKey: sealKey } = await generateSealKey();
      return { id, roles: [role], key: generateSigningKey(), file: '', sealKey, sealTo };
    }),
  );
