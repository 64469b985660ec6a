/** A request as a person puts it on the command line, checked against its schema before it is signed. Pure but for randomness. */
import { randomBytes } from 'node:crypto';
import { digestOf, type People } from '#approvals';
import { approvalRequest, isoSecond, requestOutputs, toBase64Url } from '#contracts';
import type { ApprovalRequest, RequestType } from '#contracts';
import { StackError } from '../stack/stack-error.js';

export interface CaseOptions {
  readonly case: string;
  readonly reason: string;
  /** Hours, as typed. */
  readonly expires: string;
  readonly as?: string;
}

interface Made {
  readonly requester: string;
  readonly people: People;
  readonly now: Date;
  /** of the key holder; the first by default */
  readonly generation?: number;
}

/** The longest that the key holder takes. */
const mostHours = 168;

/** One whose digest people can type: a first `-` would make it an option of their command. */
export function newRequest(type: RequestType, parameters: unknown, options: CaseOptions, made: Made): ApprovalRequest {
  const request = drawRequest(type, parameters, options, made);
  return digestOf(request).startsWith('-') ? newRequest(type, parameters, options, made) : request;
}

function drawRequest(
  type: RequestType,
  parameters: unknown,
  options: CaseOptions,
  { requester, people, now, generation = 1 }: Made,
): ApprovalRequest {
  const hours = Number(options.expires);
  if (!(hours > 0 && hours <= mostHours))
    throw new StackError(`${options.expires} is no life of a request`, `give --expires in hours, ${mostHours} at most`);
  const expiresAt = isoSecond(new Date(now.getTime() + hours * 3_600_000));
  const parsed = approvalRequest.safeParse({
    v: 1,
    id: toBase64Url(Uint8Array.from(randomBytes(16))),
    type,
    parameters,
    reason: options.reason,
    case: options.case,
    requester,
    people: people.digest,
    expiresAt,
    ...(generation > 1 && { generation }),
    output: requestOutputs[type],
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StackError(`${issue?.path.join('.') || 'the request'}: ${issue?.message}`, 'see `--help` for what it takes');
}
