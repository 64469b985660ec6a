/**
 * The key holder's registry of people: who may ask for and approve an extraordinary act, with which keys, and how many approvals each
 * act takes. Immutable; a change is a new version, approved under the one before it. What must hold between its members is checked by
 * `libs/approvals`. Text throughout, since the document is hashed as it is. Public keys only.
 */
import { z } from 'zod';
import { bytesOf } from '../ids.js';

/** base64url of 32 bytes, kept as text. */
export const key32 = z.string().refine((text) => bytesOf(32).safeParse(text).success, 'must be base64url of 32 bytes');
/** Name of a person or a process in a signed document. */
export const signerId = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/, 'must be a name of a-z, 0-9, dot and dash');
/** Name of a public key: base64url of the first 8 bytes of its SHA-256. */
export const kidText = z.string().regex(/^[A-Za-z0-9_-]{11}$/, 'must be base64url of 8 bytes');

/** Every act that takes approvals. One table of them at work: `requests/` of the key holder. */
export const requestTypes = [
  'people',
  'policy',
  'policy-shadow',
  'witnesses',
  'unfreeze',
  'break-glass',
  'deletion',
  'expedite',
  'related',
  'accounts',
  'undo-decision',
  'restore',
  'key-rotation',
] as const;
export type RequestType = (typeof requestTypes)[number];

export const personRoles = ['operator', 'lead', 'auditor'] as const;
export type PersonRole = (typeof personRoles)[number];

export const personEntry = z.strictObject({
  id: signerId,
  /** Ed25519; several, for a change of keys. They are one person. */
  keys: z
    .array(z.strictObject({ kid: kidText, key: key32 }))
    .min(1)
    .max(4),
  /** X25519: answers for this person are encrypted to it. */
  sealTo: key32,
  roles: z.array(z.enum(personRoles)).min(1).max(personRoles.length),
});
export type PersonEntry = z.output<typeof personEntry>;

/** Who approves an act, and how many of them, besides the person who asks. */
export const approvalRule = z.strictObject({ role: z.enum(personRoles), approvals: z.int().min(1).max(32) });
export type ApprovalRule = z.output<typeof approvalRule>;

/** Acts that registries from before do not know; there the rule of a deletion holds. */
const laterTypes = ['expedite', 'related', 'accounts'] as const satisfies readonly RequestType[];
type LaterType = (typeof laterTypes)[number];
const isLater = (type: RequestType): type is LaterType => laterTypes.some((later) => later === type);

const rules = Object.fromEntries(
  requestTypes.map((type) => [type, isLater(type) ? approvalRule.optional() : approvalRule]),
) as Record<Exclude<RequestType, LaterType>, typeof approvalRule> & Record<LaterType, z.ZodOptional<typeof approvalRule>>;

export const peopleDocument = z.strictObject({
  v: z.literal(1),
  version: z.int().positive(),
  /**
   * The policy that was live when this was asked for: up to it policies were approved under earlier registries, and later ones take this
   * one, so that nobody who was removed can date a policy back. Left out of the first version only.
   */
  afterPolicy: z.int().nonnegative().optional(),
  people: z.array(personEntry).min(1).max(200),
  rules: z.strictObject(rules),
});
export type PeopleDocument = z.output<typeof peopleDocument>;

export const ruleOf = ({ rules: given }: Pick<PeopleDocument, 'rules'>, type: RequestType): ApprovalRule =>
  given[type] ?? given.deletion;
