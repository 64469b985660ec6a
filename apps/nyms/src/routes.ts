/** Routes of nyms as /openapi.json documents them; a test compares them with what is served. */
import { z } from 'zod';
import {
  actRequest,
  actResponse,
  credentialResponse,
  dayList,
  executionAnswer,
  furtherClientRequest,
  heldSignals,
  pseudonymExecution,
  manifestProof,
  redemptionRequest,
  renewalRequest,
  setMediaType,
  signalDecisionRequest,
  statusResponse,
} from '#contracts';
import type { ProblemCode, RouteSpec } from '#contracts';

export const apiInfo = {
  title: 'nymtally nyms',
  version: '0.1.0',
  description: 'The pseudonym side: redemption, renewal, signals of hubs, status, moderation. Nothing here can carry an account.',
};

const anybody = 'A pseudonym’s client; nobody is asked who they are';
const hub = 'A hub of the policy, by its signature';
const moderator = 'A moderator of the policy, by their signature';
const always: readonly ProblemCode[] = ['service-unavailable', 'fault'];
const withBody: readonly ProblemCode[] = ['request-malformed', 'body-too-large', 'type-not-supported', ...always];

export const routes: readonly RouteSpec[] = [
  {
    method: 'post',
    path: '/v1/pseudonyms',
    summary: 'Redeem a wrapped ticket: a pseudonym and its credential; the same again after a lost answer',
    caller: anybody,
    request: redemptionRequest,
    response: credentialResponse,
    status: 201,
    problems: ['answer-refused', 'pseudonym-conflict', 'request-limit-reached', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/pseudonyms/renewals',
    summary: 'Renew a pseudonym into the next period',
    caller: anybody,
    request: renewalRequest,
    response: credentialResponse,
    status: 201,
    problems: ['answer-refused', 'renewal-not-open', 'request-limit-reached', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/pseudonyms/clients',
    summary: 'Add a client to a pseudonym',
    caller: anybody,
    request: furtherClientRequest,
    response: credentialResponse,
    status: 201,
    problems: ['answer-refused', 'pseudonym-conflict', 'request-limit-reached', ...withBody],
  },
  {
    method: 'get',
    path: '/v1/day-list',
    summary: 'The key holder’s keys of the day, the same for everybody',
    caller: anybody,
    response: dayList,
    status: 200,
    problems: always,
  },
  {
    method: 'post',
    path: '/v1/signals',
    summary:
      'Push one SET (RFC 8935): 202 without a body once it is stored, also for a replayed one; 400 with application/json {err, description} when it is not taken',
    caller: hub,
    requestType: setMediaType,
    status: 202,
    problems: ['body-too-large', 'type-not-supported', 'hub-limit-reached', 'request-limit-reached', ...always],
  },
  {
    method: 'get',
    path: '/v1/pseudonyms/:uri/status',
    summary: 'Is a pseudonym active? A signed answer of one length; unknown, expired and revoked are the same',
    caller: `${hub}: a JWT as bearer token, typ nymtally-status-request+jwt`,
    response: statusResponse,
    status: 200,
    problems: ['not-authenticated', 'not-permitted', ...always],
  },
  {
    method: 'get',
    path: '/v1/manifests/:epoch/proofs/:jti',
    summary:
      'Prove that a SET is in the manifest of an epoch, or of the one it arrived in (`arrival`); only to the hub that sent it',
    caller: `${hub}: a JWT as bearer token, typ nymtally-manifest-request+jwt`,
    response: manifestProof,
    status: 200,
    problems: ['not-authenticated', 'not-permitted', 'not-found', ...always],
  },
  {
    method: 'get',
    path: '/.well-known/jwks.json',
    summary: 'The key that signs status answers',
    caller: 'Anybody',
    response: z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) }),
    status: 200,
    problems: [],
  },
  {
    method: 'get',
    path: '/v1/moderation/signals',
    summary: 'Signals that wait for a moderator (`?state=held`)',
    caller: `${moderator}: a JWT as bearer token, typ nymtally-moderator+jwt`,
    response: heldSignals,
    status: 200,
    problems: ['request-malformed', 'not-authenticated', ...always],
  },
  {
    method: 'post',
    path: '/v1/moderation/signals',
    summary: 'Release or reject a held signal, by a signed statement',
    caller: moderator,
    request: signalDecisionRequest,
    status: 204,
    problems: ['not-permitted', 'not-found', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/moderation/pseudonyms',
    summary: 'Suspend or reinstate the account behind a pseudonym, blindly; the receipt is the same whoever that is',
    caller: `${moderator}; for a reinstatement also an operator`,
    request: actRequest,
    response: actResponse,
    status: 200,
    problems: ['not-permitted', 'answer-refused', 'not-found', ...withBody],
  },
  {
    method: 'post',
    path: '/v1/moderation/requests/execution',
    summary: 'Have an approved request about a pseudonym carried out; the answer is sealed to its requester',
    caller: 'The requester, by their signature, which the key holder checks',
    request: pseudonymExecution,
    response: executionAnswer,
    status: 200,
    problems: ['answer-refused', ...withBody],
  },
];
