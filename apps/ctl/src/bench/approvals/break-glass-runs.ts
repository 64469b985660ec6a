/**
 * From the requester's word to the account in their hand: over nyms to the key holder, which judges, has its log cosigned and opens the
 * selector, then to the registrar. Asking and approving came before and are people's time.
 */
import { z } from 'zod';
import { digestOf, openAnswer, requestDigest, signRequest } from '#approvals';
import { actOutput, executionAnswer } from '#contracts';
import type { ApprovalRequest } from '#contracts';
import { accountOf } from '../../approvals/break-glass-command.js';
import { callKeyholder } from '../../command/keyholder-call.js';
import { callService } from '../../command/service-call.js';
import type { AppName } from '../../stack/app-specs.js';
import { benchAccount, benchPseudonym } from '../bench-pseudonym.js';
import type { BenchStack } from '../bench-stack.js';
import { benchPeople } from './people.js';

/** Connections and caches. */
const warmUp = 3;

/** @returns milliseconds of each */
export async function breakGlassRuns({ stack, signal }: BenchStack, runs: number): Promise<number[]> {
  const uri = await benchPseudonym(stack);
  const { ask } = benchPeople(stack.keys.people);
  const ms: number[] = [];
  for (let run = 0; run < warmUp + runs; run++) {
    signal.throwIfAborted();
    const request = ask(uri);
    await approve(stack, request);
    const begun = performance.now();
    await open(stack, request);
    ms.push(performance.now() - begun);
  }
  return ms.slice(warmUp);
}

const personIn = (stack: BenchStack['stack'], id: string) => {
  const person = stack.keys.people.find((one) => one.id === id);
  if (!person) throw new Error(`there is no ${id}`);
  return person;
};

async function approve(stack: BenchStack['stack'], request: ApprovalRequest): Promise<void> {
  const door = { url: () => stack.urls.keyholder, client: () => stack.client('ctl', 'keyholder') };
  const post = (path: string, body: unknown) => callKeyholder(door, `/v1/requests${path}`, z.unknown(), { body });
  await post('', { request, signature: signRequest('request', request, personIn(stack, 'lead-1')) });
  for (const id of ['lead-2', 'lead-3'])
    await post(`/${digestOf(request)}/approvals`, signRequest('approval', request, personIn(stack, id)));
}

async function open(stack: BenchStack['stack'], request: ApprovalRequest): Promise<void> {
  const { id, key, sealKey } = personIn(stack, 'lead-1');
  const signature = signRequest('execution', request, { id, key });
  const { sealed } = await callService({
    service: 'nyms',
    url: `${stack.urls.nyms}/v1/moderation/requests/execution`,
    body: { request, signature },
    answer: executionAnswer,
  });
  const output = actOutput.parse(await openAnswer(sealKey, requestDigest(request), sealed));
  if (output.output !== 'handle') throw new Error('the key holder named no handle');
  const session = { url: (app: AppName) => stack.urls[app] };
  const named = await accountOf(session, { id, key, sealKey: () => sealKey }, request, output);
  if (named !== benchAccount) throw new Error('another account was named');
}
